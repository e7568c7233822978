package party

// Legal forms: found at the beginning and end of a name, taken out of its words and kept as classes.

// findForms takes legal forms out of the words, and notes their classes. A long word may have a slip of the pen.
func (r *reader) findForms() {
	n := r.n
	var kept []*word
	for i := 0; i < len(n.words); {
		k, class := r.formAt(n.words[i:], len(kept) == 0)
		if k == 0 {
			k, class = r.nativeFormAt(n.words[i:])
		}
		if k == 0 {
			kept = append(kept, n.words[i])
			i++
			continue
		}
		n.forms |= 1 << class
		i += k
	}
	if plainWords(kept) > 0 || len(n.words) == 0 {
		n.words = kept
	} else {
		n.forms = 0 // a name that is all form keeps its words
	}
}

func plainWords(words []*word) int {
	n := 0
	for _, w := range words {
		if w.kind != particle {
			n++
		}
	}
	return n
}

func (r *reader) formAt(words []*word, opens bool) (length int, class uint8) {
	length, class = r.t.forms.longest(words, r.t, 0)
	if length == 1 && len(words[0].text) <= 3 && !opens && length < len(words) && !r.allForms(words[1:]) {
		return 0, 0 // within a name, a short form is more likely a word
	}
	return length, class
}

// allForms says that nothing but legal forms follows.
func (r *reader) allForms(words []*word) bool {
	for len(words) > 0 {
		n, _ := r.t.forms.longest(words, r.t, 0)
		if n == 0 {
			return false
		}
		words = words[n:]
	}
	return true
}

// longest finds the longest legal form that words begin with. A word of a form may have a slip of the pen if it is long, or if it is one
// of several.
func (p *phrases) longest(words []*word, t *tables, depth int) (length int, class uint8) {
	if p.form != 0 {
		class = p.form
	}
	if len(words) == 0 || len(p.next) == 0 || words[0].kind == number || words[0].kind == syllable {
		return 0, class
	}
	text := words[0].text
	take := func(next *phrases) {
		if n, c := next.longest(words[1:], t, depth+1); c != 0 && n+1 > length {
			length, class = n+1, c
		}
	}
	if next := p.next[text]; next != nil {
		take(next)
		return length, class
	}
	if len(text) < 5 || t.weight[text] != 0 {
		return length, class
	}
	for _, slip := range p.words {
		if len(slip) >= 5 && edits(slip, text, 1) <= 1 {
			next := p.next[slip]
			if n, c := next.longest(words[1:], t, depth+1); c != 0 && n+1 > length && (n+depth > 0 || len(slip) >= 7) {
				length, class = n+1, c
			}
		}
	}
	return length, class
}

// nativeFormAt finds a legal form of several words in another alphabet.
func (r *reader) nativeFormAt(words []*word) (int, uint8) {
	if words[0].shown == "" || words[0].script == latin {
		return 0, 0
	}
	phrase, length, class := "", 0, uint8(0)
	for i, w := range words {
		if w.shown == "" || i == 6 {
			break
		}
		if i > 0 {
			phrase += " "
		}
		phrase += w.shown
		if n, ok := r.t.native[phrase]; ok && n.form != 0 {
			length, class = i+1, n.form
		}
	}
	return length, class
}
