package app

import "lodestone/internal/store"

// The rows of the record of a fleet, under names that package fleet may know: it does not know the store.
type (
	FleetRun   = store.FleetRun
	FleetShard = store.FleetShard
	FleetCount = store.FleetCount
)

// States of a run and of a shard.
const (
	RunCutting    = store.RunCutting
	RunCut        = store.RunCut
	RunCancelled  = store.RunCancelled
	ShardOpen     = store.ShardOpen
	ShardDone     = store.ShardDone
	ShardSetAside = store.ShardSetAside
)

// ErrNoShard says that the record holds no such run or shard.
var ErrNoShard = store.ErrNone

// ErrDenied says that the user of the record lacks a right.
var ErrDenied = store.ErrDenied

// NewFleetID names a run.
func NewFleetID() string { return store.NewID() }
