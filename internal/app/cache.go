package app

import (
	"hash/maphash"
	"sync"
)

// cache keeps values by keys for several goroutines. It is bounded: of two generations the older is dropped when the younger is full. Its shelves have
// each their own lock, so that goroutines seldom wait for one another.
type cache[V any] struct {
	most    int // bytes that it keeps, about
	shelves [16]shelf[V]
}

type shelf[V any] struct {
	sync.Mutex
	young, old map[string]V
	size       int // bytes of the young generation
}

var cacheSeed = maphash.MakeSeed()

func (c *cache[V]) shelf(key []byte) *shelf[V] {
	return &c.shelves[maphash.Bytes(cacheSeed, key)%uint64(len(c.shelves))]
}

// generation is the most bytes of one generation of a shelf.
func (c *cache[V]) generation() int { return c.most / len(c.shelves) / 2 }

func (c *cache[V]) find(key []byte) (V, bool) {
	s := c.shelf(key)
	s.Lock()
	defer s.Unlock()
	v, ok := s.young[string(key)]
	if !ok {
		if v, ok = s.old[string(key)]; ok {
			s.put(key, v, 0, c.generation())
		}
	}
	return v, ok
}

// put keeps a value that takes so many bytes beside its key.
func (c *cache[V]) put(key []byte, v V, size int) {
	s := c.shelf(key)
	s.Lock()
	defer s.Unlock()
	s.put(key, v, size, c.generation())
}

func (s *shelf[V]) put(key []byte, v V, size, most int) {
	const overhead = 100 // of an entry, about
	size += len(key) + overhead
	if s.size += size; s.young == nil || s.size > most {
		s.old, s.young, s.size = s.young, map[string]V{}, size
	}
	s.young[string(key)] = v
}
