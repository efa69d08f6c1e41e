package sqlite_test

import (
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
)

// A disk is what a folder's files are made of: what is surely on disk, and what
// was asked for since and may be there after a power cut, or not, or in part.
//
// Contents are sure from the end of a sync of the file, if they were written
// before its beginning. Names are sure from the end of a sync of the folder. A
// sync that fails makes nothing sure, and what it was to make sure never will be
// (as Linux marks such pages clean).
type disk struct {
	dir     string
	names   map[string]*file // sure
	now     map[string]*file // what programs see
	renamed []naming         // since the last sync of the folder
	seen    int              // how many were made sure
	syncs   map[*int]func()  // what those under way will have done
}

type naming struct {
	path string
	file *file // nil: unlinked
}

type file struct {
	sure    []byte
	pending []*event
}

func newDisk(dir string) *disk {
	return &disk{dir: dir, names: map[string]*file{}, now: map[string]*file{}, syncs: map[*int]func(){}}
}

// preset puts files on the disk that were there, synced, before all events.
func (d *disk) preset(files map[string][]byte) {
	for path, content := range files {
		f := &file{sure: content}
		d.now[path], d.names[path] = f, f
	}
}

func (d *disk) apply(e event) {
	f := d.now[e.path]
	switch {
	case e.what == "sync" && e.path == d.dir:
		last := d.seen + len(d.renamed)
		d.syncs[e.sync] = func() { d.sureNames(last) }
	case e.what == "sync" && f != nil:
		pending := slices.Clone(f.pending)
		d.syncs[e.sync] = func() { f.makeSure(pending) }
	case e.what == "synced" && d.syncs[e.sync] != nil:
		d.syncs[e.sync]()
	case e.what == "failedsync" && f != nil:
		for _, p := range f.pending {
			p.failed = true
		}
	case e.what == "create" && f == nil && !e.failed:
		d.name(e.path, &file{})
	case e.what == "unlink" && !e.failed:
		d.name(e.path, nil)
	case f != nil && (e.what == "write" && len(e.data) > 0 || e.what == "truncate" && !e.failed):
		e.failed = false
		f.pending = append(f.pending, &e)
	}
}

// makeSure moves to the disk those of the changes that are still pending. Other
// syncs may have ended meanwhile.
func (f *file) makeSure(changes []*event) {
	for _, c := range changes {
		i := slices.Index(f.pending, c)
		if i >= 0 && !c.failed {
			f.sure = applyTo(f.sure, *c)
			f.pending = slices.Delete(f.pending, i, i+1)
			f.pending = slices.DeleteFunc(f.pending, func(p *event) bool { return p.failed && c.covers(p) })
		}
	}
}

// covers says whether nothing is left of an earlier write once e is on disk.
func (e *event) covers(earlier *event) bool {
	return e.what == "write" && earlier.what == "write" && e.offset <= earlier.offset &&
		e.offset+int64(len(e.data)) >= earlier.offset+int64(len(earlier.data))
}

// sureNames makes sure the names given until there were last of them in all.
func (d *disk) sureNames(last int) {
	for d.seen < last {
		set(d.names, d.renamed[0])
		d.renamed = d.renamed[1:]
		d.seen++
	}
}

func (d *disk) name(path string, f *file) {
	n := naming{path, f}
	d.renamed = append(d.renamed, n)
	set(d.now, n)
}

func set(names map[string]*file, n naming) {
	if n.file == nil {
		delete(names, n.path)
	} else {
		names[n.path] = n.file
	}
}

func applyTo(content []byte, e event) []byte {
	if e.what == "truncate" {
		return resize(content, int(e.offset))
	}
	if end := int(e.offset) + len(e.data); end > len(content) {
		content = resize(content, end)
	}
	copy(content[e.offset:], e.data)
	return content
}

func resize(content []byte, size int) []byte {
	if size <= len(content) {
		return content[:size:size]
	}
	return append(content, make([]byte, size-len(content))...)
}

// sector is what a disk writes whole.
const sector = 512

// cut gives what a power cut leaves, by base name: of names a part in their
// order, of contents any part in any order, down to sectors. The shared memory of
// the log is not for disk; SQLite builds it anew.
func (d *disk) cut(random *rand.Rand) map[string][]byte {
	names := maps.Clone(d.names)
	for _, n := range d.renamed[:random.IntN(len(d.renamed)+1)] {
		set(names, n)
	}
	kind := random.IntN(4)
	left := map[string][]byte{}
	for _, path := range slices.Sorted(maps.Keys(names)) { // in one order, or a seed says nothing
		if filepath.Ext(path) == ".db-shm" {
			continue
		}
		content := slices.Clone(names[path].sure)
		for _, e := range names[path].pending {
			content = maybe(random, kind, content, *e)
		}
		left[filepath.Base(path)] = content
	}
	return left
}

// maybe applies an unsynced change, or a part of it, or not.
func maybe(random *rand.Rand, kind int, content []byte, e event) []byte {
	switch {
	case kind == 0: // nothing that was not synced
		return content
	case kind == 1 || random.IntN(3) == 0: // all of it
		return applyTo(content, e)
	case e.what == "truncate" || random.IntN(2) == 0:
		return content
	}
	for from := 0; from < len(e.data); { // some of its sectors
		end := min(len(e.data), from+sector-int(e.offset+int64(from))%sector)
		if random.IntN(2) == 0 {
			content = applyTo(content, event{what: "write", offset: e.offset + int64(from), data: e.data[from:end]})
		}
		from = end
	}
	return content
}
