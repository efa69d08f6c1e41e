package allocation

import "fmt"

// check refuses terms that contradict themselves. A reader of offer files finds
// such faults earlier and says where they stand; this is the last line.
func (t *Terms) check() error {
	for i := range t.Series {
		if err := t.checkSeries(&t.Series[i]); err != nil {
			return err
		}
	}
	for i := range t.Caps {
		if err := t.checkCap(&t.Caps[i]); err != nil {
			return err
		}
	}
	if t.FactorDecimals < 0 || t.FactorDecimals > 18 {
		return fmt.Errorf("factor of %d decimals: needs 0 (exact) to 18", t.FactorDecimals)
	}
	if t.Order == Auction && t.Auction.Price == nil {
		return fmt.Errorf("an auction needs a price for its bids")
	}
	_, err := t.depths()
	return err
}

func (t *Terms) checkSeries(s *Series) error {
	if s.Increment <= 0 {
		return fmt.Errorf("series %s: increment %d must be above zero", s.ID, s.Increment)
	}
	if s.Minimum < 0 || s.Minimum%s.Increment != 0 {
		return fmt.Errorf("series %s: minimum %d is not a whole number of increments of %d", s.ID, s.Minimum, s.Increment)
	}
	if len(s.Places) == 0 {
		return fmt.Errorf("series %s stands at no level", s.ID)
	}
	if t.Order == Auction && len(s.Places) > 1 {
		return fmt.Errorf("series %s stands at %d levels: an auction has none", s.ID, len(s.Places))
	}
	for i, p := range s.Places {
		if last := i == len(s.Places)-1; !last && p.UpTo <= 0 {
			return fmt.Errorf("series %s: level %d needs a bound, since another follows", s.ID, p.Level)
		}
		if i > 0 && p.Level <= s.Places[i-1].Level {
			return fmt.Errorf("series %s: level %d after level %d, needs ascending levels", s.ID, p.Level, s.Places[i-1].Level)
		}
	}
	for timing := range 2 {
		if p := s.Price[timing]; p != nil && p.Sign() < 0 {
			return fmt.Errorf("series %s: price below zero", s.ID)
		}
		if p := s.Interest[timing]; p != nil && p.Sign() < 0 {
			return fmt.Errorf("series %s: interest below zero", s.ID)
		}
	}
	return nil
}

func (t *Terms) checkCap(c *Cap) error {
	if c.Amount < 0 {
		return fmt.Errorf("cap %q: amount %d is below zero", c.Name, c.Amount)
	}
	if c.Own && (len(c.Series) != 1 || c.Counts != CountsPrincipal) {
		return fmt.Errorf("cap %q: a series maximum covers one series and counts principal", c.Name)
	}
	covered := map[int]bool{}
	for _, s := range c.Series {
		if s < 0 || s >= len(t.Series) || covered[s] {
			return fmt.Errorf("cap %q: series %d is unknown or named twice", c.Name, s)
		}
		covered[s] = true
	}
	for _, s := range c.Less {
		if s < 0 || s >= len(t.Series) || covered[s] {
			return fmt.Errorf("cap %q: series %d cannot be taken off a cap that covers it", c.Name, s)
		}
	}
	for s, rate := range c.Rate {
		if rate != nil && rate.Sign() <= 0 {
			return fmt.Errorf("cap %q: exchange rate of series %d must be above zero", c.Name, s)
		}
	}
	if t.Order == Auction && t.Auction.BySeries && len(c.Series) > 1 {
		return fmt.Errorf("cap %q: auctions side by side have no caps over several series", c.Name)
	}
	if len(c.Less) > 0 && t.Order == Auction {
		return fmt.Errorf("cap %q: an auction has no caps that are net of other series", c.Name)
	}
	return nil
}

// depths says how many rounds of `less` come before each series (G3).
func (t *Terms) depths() ([]int, error) {
	depth := make([]int, len(t.Series))
	for round := 0; ; round++ {
		changed := false
		for _, c := range t.Caps {
			for _, net := range c.Less {
				for _, s := range c.Series {
					if depth[s] <= depth[net] {
						depth[s], changed = depth[net]+1, true
					}
				}
			}
		}
		if !changed {
			return depth, nil
		}
		if round > len(t.Series) {
			return nil, fmt.Errorf("caps are net of each other's series in a circle")
		}
	}
}
