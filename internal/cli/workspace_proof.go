package cli

import (
	"context"
	"fmt"
	"strings"

	"tenderbook/book"
	"tenderbook/report"
)

// proofOf is what a holder can check an explanation by: the receipt and its
// place in the record, the terms, and who made and who approved the result.
func (w *workspace) proofOf(ctx context.Context, s *book.State, p *book.Plan, x book.Instruction) ([]report.Fact, error) {
	receipt, err := w.desk.Receipt(ctx, s.Offer(), x.Seq)
	if err != nil {
		return nil, err
	}
	record, head := recordOf(s), s.Head()
	proof := []report.Fact{
		{Label: "Receipt", Value: fmt.Sprintf("#%s, row %d", grouped(int64(x.Seq)), x.Row+1), Note: "recorded " + when(receipt.At, p.Terms)},
		{Label: "Entry", Value: fmt.Sprintf("sha256 %x", receipt.Hash)},
		{Label: "Record", Value: "as of " + record.String(), Note: when(head.At, p.Terms)},
		{Label: "Last entry", Value: fmt.Sprintf("sha256 %x", head.Hash)},
		{Label: "Terms", Value: versionWords(s, p), Note: "sha256 " + p.Terms.Digest()},
	}
	accepted, err := w.acceptedBy(ctx, s, p)
	return append(proof, accepted...), err
}

// versionWords names the version of the terms that a plan is decided on: "version
// 2 of 2".
func versionWords(s *book.State, p *book.Plan) string {
	versions := s.History().Versions()
	for i := range versions {
		if versions[i].Terms.Digest() == p.Terms.Digest() {
			return fmt.Sprintf("version %d of %d", i+1, len(versions))
		}
	}
	return "of no version"
}

// acceptedBy says who proposed and who approved the result, in which role.
func (w *workspace) acceptedBy(ctx context.Context, s *book.State, p *book.Plan) ([]report.Fact, error) {
	taken := s.Proposals(w.now(), func(x *book.Proposed) bool {
		return x.What == book.Accept && x.Run == p.Run && x.State == book.ProposalTaken
	})
	if len(taken) == 0 {
		return []report.Fact{{Label: "Result", Value: "sha256 " + p.Digest, Note: "not accepted: computed for this answer"}}, nil
	}
	x := &taken[0]
	decided, err := w.desk.Receipt(ctx, s.Offer(), x.Decided)
	if err != nil {
		return nil, err
	}
	return []report.Fact{
		{Label: "Result", Value: "sha256 " + x.Result, Note: "accepted in #" + grouped(int64(x.Decided))},
		{Label: "Closed by", Value: withRoles(s, x.Maker), Note: fmt.Sprintf("%s, %s", proposalName(x.Seq), when(x.At, p.Terms))},
		{Label: "Approved by", Value: withRoles(s, x.Decider), Note: fmt.Sprintf("#%s, %s", grouped(int64(x.Decided)), when(decided.At, p.Terms))},
	}, nil
}

// withRoles names an actor with its roles on the offer: "bob, approver".
func withRoles(s *book.State, actor string) string {
	words := []string{actor}
	for _, h := range s.Roles() {
		if h.Actor == actor {
			words = append(words, string(h.Role))
		}
	}
	return strings.Join(words, ", ")
}
