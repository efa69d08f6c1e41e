package offer

// warn says what is allowed and looks wrong.
func (c *checker) warn() {
}
