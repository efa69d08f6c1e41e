package sqlite

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// datasync has all connections of this process that are opened after it sync
// with fdatasync: content and size, without the file's times. SQLite does it by
// itself where it is built for it (HAVE_FDATASYNC), which this build is not. The
// log keeps its size from one checkpoint to the next, so fsync would wait for
// nothing but the time of its last change (docs/decisions/0012).
//
// It puts a file system before SQLite's own that differs in the function xSync.
var datasync = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	own := lib.Xsqlite3_vfs_find(tls, 0)
	if own == 0 || libc.GoString(vfsAt(own).FzName) != "unix" {
		return errors.New("SQLite's own file system is not the one for Unix")
	}
	name, err := libc.CString("unix-datasync")
	if err != nil {
		return err
	}
	fs := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(lib.Tsqlite3_vfs{})))
	if fs == 0 {
		return syscall.ENOMEM
	}
	unixFS = own
	*vfsAt(fs) = *vfsAt(unixFS)
	vfsAt(fs).FzName, vfsAt(fs).FxOpen = name, address(openSyncing)
	if code := lib.Xsqlite3_vfs_register(tls, fs, 1); code != lib.SQLITE_OK {
		return fmt.Errorf("SQLite takes no other file system: code %d", code)
	}
	return nil
})

// What SQLite holds by its address is in the library's memory, for good.
var (
	unixFS uintptr

	opening sync.Mutex              // held by who uses syncing
	syncing = map[uintptr]uintptr{} // methods with syncData, by SQLite's own: files with locks and without have different ones
	ownSync syncFunc                // the xSync of all of them; never changed
)

type (
	openFunc = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32
	syncFunc = func(tls *libc.TLS, file uintptr, flags int32) int32
)

// openSyncing is xOpen: the file is SQLite's own and gets the methods with
// syncData.
func openSyncing(tls *libc.TLS, _, name, file uintptr, flags int32, outFlags uintptr) int32 {
	code := function[openFunc](vfsAt(unixFS).FxOpen)(tls, unixFS, name, file, flags, outFlags)
	if code != lib.SQLITE_OK {
		return code
	}
	opening.Lock()
	defer opening.Unlock()
	f := fileAt(file)
	if syncing[f.FpMethod] == 0 {
		m := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(lib.Tsqlite3_io_methods{})))
		if m == 0 {
			return code // it syncs as SQLite does
		}
		own := methodsAt(f.FpMethod)
		if ownSync == nil {
			ownSync = function[syncFunc](own.FxSync)
		}
		*methodsAt(m) = *own
		methodsAt(m).FxSync = address(syncData)
		syncing[f.FpMethod] = m
	}
	f.FpMethod = syncing[f.FpMethod]
	return code
}

// syncData is xSync. The first sync of a new file, which makes its name durable
// too, is SQLite's.
func syncData(tls *libc.TLS, file uintptr, flags int32) int32 {
	f := fileAt(file)
	if f.FctrlFlags&lib.UNIXFILE_DIRSYNC != 0 {
		return ownSync(tls, file, flags)
	}
	err := syscall.EINTR
	for err == syscall.EINTR {
		err, _ = syscall.Fdatasync(int(f.Fh)).(syscall.Errno)
	}
	if err != 0 {
		f.FlastErrno = int32(err)
		return lib.SQLITE_IOERR_FSYNC
	}
	return lib.SQLITE_OK
}

// The library holds pointers as numbers. These read them without arithmetic.

func fileAt(p uintptr) *lib.TunixFile   { return *(**lib.TunixFile)(unsafe.Pointer(&p)) }
func vfsAt(p uintptr) *lib.Tsqlite3_vfs { return *(**lib.Tsqlite3_vfs)(unsafe.Pointer(&p)) }
func methodsAt(p uintptr) *lib.Tsqlite3_io_methods {
	return *(**lib.Tsqlite3_io_methods)(unsafe.Pointer(&p))
}

// function is the Go function that a pointer of the library stands for.
func function[F openFunc | syncFunc](p uintptr) F {
	held := &struct{ p uintptr }{p}
	return *(*F)(unsafe.Pointer(held))
}

// address is the pointer by which the library calls a function of the package.
func address[F openFunc | syncFunc](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }
