package cli

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
)

// output is where a command writes: standard output, a file that appears whole or not at all, or a device, pipe or link that is written
// through. Close with keep, or nothing is left behind.
type output struct {
	*bufio.Writer
	file   *os.File // nil: standard output
	rename string   // final name of a temporary file; empty: written through
}

func (r *run) output() (*output, error) {
	name := r.flags.Out
	if name == "" || name == "-" {
		return &output{Writer: bufio.NewWriterSize(r.env.Out, 1<<18)}, nil
	}
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
	return &output{Writer: bufio.NewWriterSize(f, 1<<18), file: f, rename: name}, nil
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
	if err := f(o); err != nil {
		o.close(false)
		return err
	}
	return o.close(true)
}
