package cli

import (
	"fmt"

	"tenderbook/proof"
)

// verifyRows checks rows of a result, and that those of one participant and
// series show one payment.
func (v *verifying) verifyRows(x *found, result *proof.Result) error {
	var rows []*proof.Row
	for _, name := range v.rowFiles {
		row, err := readRow(result, name)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		x.ok("%s: tender %s is counted, and what it gets follows from the result", name, row.Tender.ID)
		if p := row.Payment; p != nil {
			x.ok("%s is paid %s and interest of %s, in minor units, for %s of series %s, of which %s and %s for this one", p.Payee,
				grouped(p.Sums.Consideration), grouped(p.Sums.Interest), plural(int(p.Sums.Tenders), "tender", "tenders"),
				result.Series[row.Tender.Series].ID, grouped(row.Tender.Consideration), grouped(row.Tender.Interest))
		}
	}
	if err := proof.OnePayment(rows); err != nil {
		return damaged{fmt.Errorf("%s: %w", x.Source, err)}
	}
	return nil
}

func readRow(result *proof.Result, name string) (*proof.Row, error) {
	data, err := readKind(name, aRow)
	if err != nil {
		return nil, err
	}
	row, err := proof.ParseRow(data)
	if err == nil {
		err = result.CheckRow(row)
	}
	if err != nil {
		return nil, wrongFile(name, err)
	}
	return row, nil
}
