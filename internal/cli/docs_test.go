package cli

import (
	"bytes"
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lodestone/internal/app"
	"lodestone/internal/when"
)

var update = flag.Bool("update", false, "write the copies that examples carry")

var (
	shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```(?:\n\n```\n(.*?)```)?")
	exitNote   = regexp.MustCompile(`\s+# exit code (\d)`)
	argument   = regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`)
	idOfRow    = regexp.MustCompile(`(?m)^[A-Z2-7]{26}\b`)
)

// Every command that the documents print in a block of shell commands is run, those of a document one after another in a folder with the examples, and a block
// of no language that follows shows what the last of them prints: a line that is only … stands for any lines, and … within a line for anything. Forms of commands,
// with names to be filled in, stand in blocks of no language by themselves. A command ends with 0, with what its line says, or, where rows or law data are such,
// with 3 or 4. Documents that use a token find an instance in their data folder: with a recorded answer on a shipment, and a licence manager.
func TestTheCommandsOfTheDocuments(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, pattern := range []string{"README.md", "docs/*.md", "docs/*/*.md", "examples/*/README.md"} {
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
			variables := map[string]string{}
			if instanceOf.MatchString(string(text)) {
				d := newDesk(t)
				variables["$RECORD"], variables["$MANAGER"] = d.record, d.tokens[app.LicenceManager]
				if err := os.MkdirAll("config", 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.Rename(d.data, filepath.Join("config", "lodestone")); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range commands {
				c.run(t, variables)
			}
			if folder := filepath.Dir(name); filepath.Dir(folder) == filepath.Join(root, "examples") {
				sameAsCarried(t, folder)
			}
		})
	}
	if run < 80 {
		t.Errorf("only %d commands were found; are the blocks still marked sh?", run)
	}
}

// sameAsCarried compares what the commands of an example have made with the copies that the example carries.
func sameAsCarried(t *testing.T, folder string) {
	t.Helper()
	made, err := filepath.Glob("*.*")
	if err != nil || len(made) == 0 {
		t.Fatal(made, err)
	}
	for _, name := range made {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if carried, err := os.ReadFile(filepath.Join(folder, name)); err != nil || !bytes.Equal(got, carried) {
			t.Errorf("%s is not what its command prints (%v): look at what differs, and make it anew with -update", filepath.Join(folder, name), err)
			if *update {
				if err := os.WriteFile(filepath.Join(folder, name), got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// instanceOf tells a document whose commands work on the data folder of an instance.
var instanceOf = regexp.MustCompile(`(?m)^lodestone (?:(?:case|licence|backup) |verify --)`)

// documented is a command that a document prints, and what it shows of its output.
type documented struct {
	line  string
	shows string // empty: nothing is shown
}

// commandsIn are the lines of shell blocks that run the program.
func commandsIn(text string) (commands []documented) {
	for _, block := range shellBlock.FindAllStringSubmatch(text, -1) {
		last := -1
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(strings.Replace(line, "go run ./cmd/lodestone ", "lodestone ", 1))
			if strings.HasPrefix(line, "lodestone ") {
				last = len(commands)
				commands = append(commands, documented{line: line})
			}
		}
		if last >= 0 {
			commands[last].shows = block[2]
		}
	}
	return commands
}

func (c *documented) run(t *testing.T, variables map[string]string) {
	t.Helper()
	want, line := -1, c.line
	if m := exitNote.FindStringSubmatch(line); m != nil {
		want, _ = strconv.Atoi(m[1])
	}
	line, _, _ = strings.Cut(line, " #")
	var args []string
	for _, a := range argument.FindAllString(line, -1)[1:] {
		if strings.HasPrefix(a, "$") && variables[a] == "" {
			t.Fatalf("%s\nnothing has given %s", line, a)
		}
		args = append(args, cmp.Or(variables[a], strings.Trim(a, `"'`)))
	}
	var out, said bytes.Buffer
	code := Run(args, Env{In: strings.NewReader(""), Out: &out, Err: &said, Today: when.Day(2026, 11, 25), Version: "test"})
	if code != want && (want >= 0 || code == exitFailed || code == exitUse) {
		t.Errorf("%s\nends with %d\n%s", line, code, said.String())
	}
	switch id := idOfRow.FindString(out.String()); {
	case strings.HasPrefix(line, "lodestone licence enter"):
		variables["$LICENCE"] = id
	case strings.HasPrefix(line, "lodestone licence apply"):
		variables["$APPLICATION"] = id
	}
	if c.shows != "" {
		if missing := notShown(out.String(), c.shows); missing != "" {
			t.Errorf("%s\nprints\n%s\nwhich has no line\n%s\nwhere the document shows it", line, out.String(), missing)
		}
	}
}

// notShown is the first line that a document shows and the output does not have in its place; empty: all is there.
func notShown(output, shows string) string {
	output = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(output) // between digits; a document may have plain blanks
	lines := strings.Split(strings.TrimRight(output, "\n"), "\n")
	at, anywhere := 0, false
	for want := range strings.Lines(shows) {
		want = strings.TrimRight(want, " \n")
		if want == "…" {
			anywhere = true
			continue
		}
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(want), "…", ".*") + "$")
		n := slices.IndexFunc(lines[at:], func(line string) bool { return pattern.MatchString(strings.TrimRight(line, " ")) })
		if n < 0 || n > 0 && !anywhere {
			return want
		}
		at, anywhere = at+n+1, false
	}
	if !anywhere && at != len(lines) {
		return "(the end)"
	}
	return ""
}

// What is shown of an output is held to it: a line more, a line less or another order is noticed.
func TestNotShown(t *testing.T) {
	const output = "a  1\nb\n\nc 2026 x  \n"
	for shows, want := range map[string]string{
		"a  1\nb\n\nc 2026 x\n": "", "…\nc … x\n": "", "a  1\n…\n": "", "…\nb\n…\n": "",
		"b\n…\n": "b", "a  1\nb\n": "(the end)", "…\nd\n…\n": "d", "…\nb\n…\na  1\n…\n": "a  1", "a 1\n…\n": "a 1",
	} {
		if got := notShown(output, shows); got != want {
			t.Errorf("%q: %q, want %q", shows, got, want)
		}
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
