package offer

// warn says what is allowed and looks wrong.
func (c *checker) warn() {
}

func (c *checker) checkPricing(i int, s *Series) {}
