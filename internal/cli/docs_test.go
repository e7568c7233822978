package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lodestone/internal/when"
)

var (
	shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
	exitNote   = regexp.MustCompile(`\s+# exit code (\d)`)
	argument   = regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`)
)

// Every command that the documents print in a block of shell commands is run, those of a document one after another in a folder with the examples. Forms of
// commands, with names to be filled in, stand in blocks of no language. A command ends with 0, with what its line says, or, where rows or law data are
// such, with 3 or 4.
func TestTheCommandsOfTheDocuments(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, pattern := range []string{"README.md", "docs/*.md", "examples/*/README.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	run := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		commands := commandsIn(string(text))
		if len(commands) == 0 {
			continue
		}
		run += len(commands)
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Symlink(filepath.Join(root, "examples"), filepath.Join(dir, "examples")); err != nil {
				t.Skip("this system makes no links:", err)
			}
			t.Chdir(dir)
			t.Setenv("HOME", dir)
			t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
			for _, c := range commands {
				runCommand(t, c)
			}
		})
	}
	if run < 15 {
		t.Errorf("only %d commands were found; are the blocks still marked sh?", run)
	}
}

// commandsIn are the lines of shell blocks that run the program.
func commandsIn(text string) (commands []string) {
	for _, block := range shellBlock.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(strings.Replace(line, "go run ./cmd/lodestone ", "lodestone ", 1))
			if strings.HasPrefix(line, "lodestone ") {
				commands = append(commands, line)
			}
		}
	}
	return commands
}

func runCommand(t *testing.T, line string) {
	t.Helper()
	want := -1
	if m := exitNote.FindStringSubmatch(line); m != nil {
		want, _ = strconv.Atoi(m[1])
	}
	line, _, _ = strings.Cut(line, " #")
	var args []string
	for _, a := range argument.FindAllString(line, -1)[1:] {
		args = append(args, strings.Trim(a, `"'`))
	}
	var out, said bytes.Buffer
	code := Run(args, Env{In: strings.NewReader(""), Out: &out, Err: &said, Today: when.Day(2026, 11, 25), Version: "test"})
	if code != want && (want >= 0 || code == exitFailed || code == exitUse) {
		t.Errorf("%s\nends with %d\n%s", line, code, said.String())
	}
}

// The manual in docs is that of the program.
func TestTheManualIsUpToDate(t *testing.T) {
	var out, said bytes.Buffer
	if code := Run([]string{"manual"}, Env{Out: &out, Err: &said, Today: when.Day(2026, 11, 25), Version: "test"}); code != 0 {
		t.Fatal(said.String())
	}
	const name = "../../docs/commands.md"
	old, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(old, out.Bytes()) {
		t.Errorf("%s is not what the program prints (%v); mend it with: go run ./cmd/lodestone manual --out docs/commands.md", name, err)
	}
}
