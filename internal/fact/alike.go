package fact

import "encoding/binary"

// AppendSaid adds to key all that an item that has been read says of what the thing is and of what it is for. Items with the same key differ only in
// what is each line's own: its number, its ways, parties and days, its amounts, a held licence, answers, and columns that are passed through. Of a
// description only what was read of it counts, with the words it was read from.
func (it *Item) AppendSaid(key []byte) []byte {
	key = append(key, flags(it.Description != "", it.Closed, it.Unread))
	key = binary.AppendUvarint(key, uint64(len(it.Mentions)))
	for _, m := range it.Mentions {
		key = appendText(binary.AppendUvarint(key, uint64(m.Kind)), it.Description[m.Start:m.End])
	}
	for _, text := range [...]string{it.HS, it.ControlCode, it.WordedBy, it.FormText, it.Supplier} {
		key = appendText(key, text)
	}
	for _, n := range [...]uint64{uint64(it.Forms), uint64(it.Worded), uint64(it.BalanceOf), uint64(it.EndUse), uint64(it.EndUserKind), uint64(it.Procedure)} {
		key = binary.AppendUvarint(key, n)
	}
	key = binary.AppendUvarint(key, uint64(len(it.Knowledge)))
	for _, t := range it.Knowledge {
		key = binary.AppendUvarint(key, uint64(t))
	}
	key = binary.AppendUvarint(key, uint64(len(it.Contents)))
	for i := range it.Contents {
		c := &it.Contents[i]
		key = append(key, byte(c.Element), flags(c.None), byte(c.Source))
		key = appendText(append(c.Share.Append(key), 0), c.Words)
	}
	key = binary.AppendUvarint(key, uint64(len(it.Params)))
	for i := range it.Params {
		key = it.Params[i].appendSaid(key)
	}
	return key
}

func (p *Param) appendSaid(key []byte) []byte {
	key = append(binary.AppendUvarint(key, uint64(p.ID)), flags(p.None, p.Sizes != nil), byte(p.Source))
	key = binary.AppendUvarint(append(p.Value.Append(key), 0), uint64(len(p.Sizes)))
	for _, side := range p.Sizes {
		key = append(side.Append(key), 0)
	}
	return appendText(appendText(key, p.Text), p.Words)
}

func appendText(key []byte, s string) []byte {
	return append(binary.AppendUvarint(key, uint64(len(s))), s...)
}

func flags(set ...bool) (bits byte) {
	for i, on := range set {
		if on {
			bits |= 1 << i
		}
	}
	return bits
}
