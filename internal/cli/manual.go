package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// The manual, the man page and the completions are made from the commands themselves, so they cannot say anything else than what the program takes.

// command is a command as the manual has it.
type command struct {
	path, help string
	usage      string
	args       []option
	flags      []option // its own; those of every command stand with the program
	below      []string // names of the commands below it; empty: it is run by itself
}

type option struct {
	name, value, help string
	words             []string // that it takes; empty: any
}

// commandsOf lists the commands of a model, each before those below it. The first is the program with the flags of all.
func commandsOf(n *kong.Node, path string) []command {
	c := command{path: path, help: n.Help, usage: n.Summary()}
	for _, f := range n.Flags {
		if !f.Hidden {
			c.flags = append(c.flags, option{"--" + f.Name, valueOf(f), f.Help, words(f.Value)})
			if f.Tag.Negatable != "" {
				c.flags = append(c.flags, option{name: "--no-" + f.Name, help: "Turns --" + f.Name + " off, which is on unless this says otherwise."})
			}
		}
	}
	for _, p := range n.Positional {
		c.args = append(c.args, option{p.Summary(), "", p.Help, words(p)})
	}
	var below []command
	for _, child := range n.Children {
		if child.Hidden {
			continue
		}
		c.below = append(c.below, child.Name)
		below = append(below, commandsOf(child, path+" "+child.Name)...)
	}
	return append([]command{c}, below...)
}

func valueOf(f *kong.Flag) string {
	if f.IsBool() {
		return ""
	}
	return f.FormatPlaceHolder()
}

// words are those that a value must be one of.
func words(v *kong.Value) []string {
	return slices.DeleteFunc(v.EnumSlice(), func(w string) bool { return w == "" })
}

type manualCmd struct {
	Form string `help:"markdown or man." enum:"markdown,man" default:"markdown"`
}

func (c manualCmd) Run(r *run, k *kong.Context) error {
	all := commandsOf(k.Model.Node, "lodestone")
	return r.write(func(w io.Writer) error {
		if c.Form == "man" {
			return writeMan(w, all, r.env.Version)
		}
		return writeManual(w, all)
	})
}

func writeManual(w io.Writer, all []command) error {
	b := &strings.Builder{}
	b.WriteString("# Commands\n\nPrinted by `lodestone manual`; what each is for stands in the other pages. Flags of every command stand first.\n")
	for _, c := range all {
		fmt.Fprintf(b, "\n## %s\n", c.path)
		if c.help != "" && c.path != "lodestone" {
			fmt.Fprintf(b, "\n%s\n", c.help)
		}
		if len(c.below) > 0 {
			fmt.Fprintf(b, "\nCommands: %s\n", strings.Join(c.below, ", "))
		} else {
			fmt.Fprintf(b, "\n`%s`\n", strings.TrimPrefix(c.usage, "lodestone lodestone "))
		}
		if len(c.args)+len(c.flags) > 0 {
			b.WriteString("\n| | |\n|---|---|\n")
		}
		for _, o := range slices.Concat(c.args, c.flags) {
			name := o.name
			if o.value != "" {
				name += "=" + o.value
			}
			fmt.Fprintf(b, "| `%s` | %s |\n", strings.ReplaceAll(name, "|", "\\|"), strings.ReplaceAll(o.help, "|", "\\|"))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeMan writes one page for man(1).
func writeMan(w io.Writer, all []command, version string) error {
	b := &strings.Builder{}
	fmt.Fprintf(b, ".TH LODESTONE 1 \"\" \"lodestone %s\" \"User Commands\"\n.SH NAME\nlodestone \\- tells which export rules bear on a thing, why, on which day, and what is missing to know\n", roff(version))
	b.WriteString(".SH SYNOPSIS\n.B lodestone\nCOMMAND [flags] [FILE...]\n.SH EXIT STATUS\n0 done; 1 failed; 2 wrong use or unreadable input, nothing written; 3 an outcome at or above \\-\\-fail\\-on, or in law status something to do; 4 some rows were refused.\n")
	for _, c := range all {
		fmt.Fprintf(b, ".SH %s\n", strings.ToUpper(roff(c.path)))
		if c.path != "lodestone" {
			fmt.Fprintln(b, roff(c.help))
		}
		for _, o := range slices.Concat(c.args, c.flags) {
			fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(o.name+" "+o.value)), roff(o.help))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// roff keeps text from being taken for requests.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints what the shell has to read: for bash "source <(lodestone completion bash)".
func (c completionCmd) Run(r *run, k *kong.Context) error {
	all := commandsOf(k.Model.Node, "lodestone")
	return r.write(func(w io.Writer) error {
		_, err := io.WriteString(w, map[string]func([]command) string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[c.Shell](all))
		return err
	})
}

// bashCompletion tells the command by its words, and offers what may follow it: commands, flags, the words of a flag, files.
func bashCompletion(all []command) string {
	b := &strings.Builder{}
	b.WriteString("_lodestone() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path=lodestone word\n" +
		"\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n\t\tcase \"$path $word\" in\n")
	for _, c := range all[1:] {
		fmt.Fprintf(b, "\t\t%q) path=%q ;;\n", c.path, c.path)
	}
	b.WriteString("\t\tesac\n\tdone\n\tcase $prev in\n")
	seen := map[string]bool{}
	for _, c := range all {
		for _, o := range c.flags {
			if len(o.words) > 0 && !seen[o.name] {
				seen[o.name] = true
				fmt.Fprintf(b, "\t%s) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", o.name, strings.Join(o.words, " "))
			}
		}
	}
	b.WriteString("\tesac\n\tlocal offer\n\tcase $path in\n")
	for _, c := range all {
		fmt.Fprintf(b, "\t%q) offer=%q ;;\n", c.path, strings.Join(c.offers(all[0]), " "))
	}
	b.WriteString("\tesac\n\tCOMPREPLY=($(compgen -W \"$offer\" -- \"$cur\"))\n\t[ -n \"${COMPREPLY[*]}\" ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n}\ncomplete -F _lodestone lodestone\n")
	return b.String()
}

// offers is what may follow a command.
func (c *command) offers(program command) (list []string) {
	list = append(list, c.below...)
	for _, a := range c.args {
		list = append(list, a.words...)
	}
	for _, o := range c.flags {
		list = append(list, o.name)
	}
	if c.path != program.path {
		for _, o := range program.flags {
			list = append(list, o.name)
		}
	}
	return list
}

// zshCompletion lets zsh read what bash does.
func zshCompletion(all []command) string {
	return "#compdef lodestone\nautoload -U +X bashcompinit && bashcompinit\n" + bashCompletion(all)
}

// fishCompletion offers commands and flags with what they are for.
func fishCompletion(all []command) string {
	b := &strings.Builder{}
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" }
	for _, c := range all {
		words := strings.Fields(c.path)[1:]
		condition := "__fish_use_subcommand"
		if len(words) > 0 {
			condition = "__fish_seen_subcommand_from " + strings.Join(words, "; and __fish_seen_subcommand_from ")
		}
		for _, child := range all {
			if child.path == c.path+" "+child.path[strings.LastIndexByte(child.path, ' ')+1:] && strings.Count(child.path, " ") == strings.Count(c.path, " ")+1 {
				fmt.Fprintf(b, "complete -c lodestone -n %s -f -a %s -d %s\n", quote(condition), quote(child.path[strings.LastIndexByte(child.path, ' ')+1:]), quote(child.help))
			}
		}
		for _, o := range c.flags {
			fmt.Fprintf(b, "complete -c lodestone -n %s -l %s -d %s", quote(condition), strings.TrimPrefix(o.name, "--"), quote(o.help))
			if len(o.words) > 0 {
				fmt.Fprintf(b, " -x -a %s", quote(strings.Join(o.words, " ")))
			} else if o.value != "" {
				b.WriteString(" -r")
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}
