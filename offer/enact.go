package offer

import (
	"errors"
	"time"
)

// Enact gives the history with one more amendment, which takes effect at the
// time that the amendment names or at notBefore, whichever is later: nobody is
// bound by a change before it is made. Of amendments with one time the one
// enacted last is in force. It leaves h as it is. It returns [Problems] as
// [NewHistory] does, also where a version that is there already takes effect
// later.
func (h *History) Enact(a *File, notBefore time.Time) (*History, error) {
	if a == nil {
		return nil, errors.New("no amendment is given")
	}
	base := &File{Name: h.versions[0].File, Terms: h.versions[0].Terms}
	timed, problems := inForce(base, []*File{a})
	if len(problems) > 0 {
		return nil, ordered(problems)
	}
	change := timed[0]
	if change.at.Before(notBefore) {
		change.at = notBefore.In(base.Terms.Zone)
	}
	last := h.versions[len(h.versions)-1]
	if change.at.Before(last.Effective) {
		return nil, Problems{{a.root.child("effective").at, "effective", "takes effect before " + last.File + ", which was made earlier", "that time or a later one", ""}}
	}
	out := &History{versions: h.Versions(), warnings: h.Warnings()}
	if problems := out.add(change); len(problems) > 0 {
		return nil, ordered(problems)
	}
	return out, nil
}
