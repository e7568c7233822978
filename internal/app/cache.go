package app

import (
	"hash/maphash"
	"sync"
)

// cache keeps values by keys for several goroutines; the zero cache is empty. It is bounded: of two generations the older is dropped when the younger
// is full. Its shards have each their own lock, so that goroutines seldom wait for one another.
type cache[V any] struct {
	shards [16]shelf[V]
}

type shelf[V any] struct {
	sync.Mutex
	young, old map[string]V
	size       int // bytes of the young generation
}

// maxCache bounds the bytes that a cache keeps.
const maxCache = 16 << 20

var cacheSeed = maphash.MakeSeed()

func (c *cache[V]) shelf(key []byte) *shelf[V] {
	return &c.shards[maphash.Bytes(cacheSeed, key)%uint64(len(c.shards))]
}

func (c *cache[V]) find(key []byte) (V, bool) {
	s := c.shelf(key)
	s.Lock()
	defer s.Unlock()
	v, ok := s.young[string(key)]
	if !ok {
		if v, ok = s.old[string(key)]; ok {
			s.put(key, v, 0)
		}
	}
	return v, ok
}

// put keeps a value that takes so many bytes beside its key.
func (c *cache[V]) put(key []byte, v V, size int) {
	s := c.shelf(key)
	s.Lock()
	defer s.Unlock()
	s.put(key, v, size)
}

func (s *shelf[V]) put(key []byte, v V, size int) {
	const most, overhead = maxCache / len(cache[V]{}.shards) / 2, 100 // of a generation; of an entry, about
	size += len(key) + overhead
	if s.size += size; s.young == nil || s.size > most {
		s.old, s.young, s.size = s.young, map[string]V{}, size
	}
	s.young[string(key)] = v
}
