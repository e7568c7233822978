package rule

// Truth is Kleene's third: a condition holds, fails, or cannot be told from the facts given. Unknown is a value, not an error.
type Truth uint8

const (
	Unknown Truth = iota
	No
	Yes
)

func (t Truth) String() string {
	switch t {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "unknown"
}

// Is turns a Go truth into Yes or No.
func Is(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

// And is no where either is no, yes where both are yes.
func And(a, b Truth) Truth {
	switch {
	case a == No || b == No:
		return No
	case a == Yes && b == Yes:
		return Yes
	}
	return Unknown
}

// Or is yes where either is yes, no where both are no.
func Or(a, b Truth) Truth {
	switch {
	case a == Yes || b == Yes:
		return Yes
	case a == No && b == No:
		return No
	}
	return Unknown
}

// Not swaps yes and no.
func Not(a Truth) Truth {
	switch a {
	case Yes:
		return No
	case No:
		return Yes
	}
	return Unknown
}
