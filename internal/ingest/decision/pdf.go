package decision

import "fmt"

// fromPDF refuses: a PDF has no text without a reader of its drawing commands, and none is part of the program.
func fromPDF([]byte) (Text, error) {
	return Text{}, fmt.Errorf("the file is a PDF, which this build does not read: save it as text or HTML")
}
