package cli

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// unfinished are the temporary files being written, so that an interrupted program leaves none behind.
var unfinished = struct {
	sync.Mutex
	names map[string]bool
}{names: map[string]bool{}}

// stopsItself says that the command that runs ends of its own accord when the program is interrupted.
var stopsItself atomic.Bool

// Interrupted says whether the program is to end at once: not where the command brings what it does to an end first, unless it is interrupted again. What
// was being written is removed then.
func Interrupted() bool {
	if stopsItself.CompareAndSwap(true, false) {
		return false
	}
	unfinished.Lock() // never unlocked: nothing may be begun any more
	for name := range unfinished.names {
		os.Remove(name)
	}
	return true
}

func (o *output) track(on bool) {
	unfinished.Lock()
	defer unfinished.Unlock()
	if on {
		unfinished.names[o.file.Name()] = true
	} else {
		delete(unfinished.names, o.file.Name())
	}
}

// output is where a command writes: standard output, a file that appears whole or not at all, or a device, pipe or link that is written
// through. Close with keep, or nothing is left behind.
type output struct {
	*bufio.Writer
	file   *os.File // nil: standard output
	rename string   // final name of a temporary file; empty: written through
}

func (r *run) output() (*output, error) {
	if name := r.flags.Out; name != "" && name != "-" {
		return r.outputTo(name)
	}
	return &output{Writer: bufio.NewWriterSize(r.env.Out, 1<<18)}, nil
}

func (r *run) outputTo(name string) (*output, error) {
	info, err := os.Lstat(name)
	if err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
		if err != nil {
			return nil, err
		}
		return &output{Writer: bufio.NewWriterSize(f, 1<<18), file: f}, nil
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, err
	}
	mode := os.FileMode(0o644)
	if info != nil {
		mode = info.Mode().Perm()
	}
	if err := f.Chmod(mode); err != nil {
		f.Close()
		os.Remove(f.Name())
		return nil, err
	}
	o := &output{Writer: bufio.NewWriterSize(f, 1<<18), file: f, rename: name}
	o.track(true)
	return o, nil
}

// close ends the output; without keep a new file is thrown away and an old one stays as it was.
func (o *output) close(keep bool) error {
	err := o.Flush()
	if o.file == nil {
		return err
	}
	if keep && err == nil && o.rename != "" {
		err = o.file.Sync()
	}
	if e := o.file.Close(); err == nil {
		err = e
	}
	if o.rename == "" {
		return err
	}
	defer o.track(false)
	if keep && err == nil {
		return os.Rename(o.file.Name(), o.rename)
	}
	os.Remove(o.file.Name())
	return err
}

// write runs f on the output and keeps what it wrote if it succeeds.
func (r *run) write(f func(io.Writer) error) error {
	o, err := r.output()
	if err != nil {
		return err
	}
	return o.write(f)
}

// writeTo does the same to a file of its own.
func (r *run) writeTo(name string, f func(io.Writer) error) error {
	o, err := r.outputTo(name)
	if err != nil {
		return err
	}
	return o.write(f)
}

func (o *output) write(f func(io.Writer) error) error {
	if err := f(o); err != nil {
		o.close(false)
		return err
	}
	return o.close(true)
}
