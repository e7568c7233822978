package cli

import "os/exec"

// browse opens an address in the browser of the desktop and does not wait for it. Where there is no desktop it does nothing.
func browse(system string, getenv func(string) string, address string) error {
	args := opener(system, getenv, address)
	if args == nil {
		return nil
	}
	c := exec.Command(args[0], args[1:]...)
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }() // how the opener ends says nothing of the browser
	return nil
}

// opener is the command that opens an address on a system; nil: there is no desktop to open it on.
func opener(system string, getenv func(string) string, address string) []string {
	switch system {
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", address}
	case "darwin":
		if getenv("SSH_CONNECTION") != "" { // the desktop is another one's
			return nil
		}
		return []string{"open", address}
	}
	if getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" {
		return nil
	}
	return []string{"xdg-open", address}
}
