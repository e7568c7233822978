package parties

// Inspect reads one file by itself, to see that it is whole. Of an OFAC file that adds to another list it counts the parties it adds to.
func Inspect(f File) (List, int, error) {
	l, more, err := readFile(f)
	if err != nil {
		return List{}, 0, err
	}
	if more != nil {
		return List{Name: "OFAC " + more.kind, File: f.Name, Format: "OFAC " + more.kind}, len(more.rows), nil
	}
	l.count()
	return *l, len(l.Parties), nil
}
