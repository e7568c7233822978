// Package bom holds the structure of a product: which part holds how much of which other, and what the parts together come to.
//
// A Builder takes parts and links in any order and gives a Tree, in which a shared sub-assembly is one part (a directed graph without
// circles; a circle is taken apart and reported as the path that closes). Tree.Roll adds up, from the leaves to the top and in one pass over
// the links, the value or mass of each named content; Tree.Share gives the share of a content in a part, Tree.Asks the parts to ask about, by
// how much of the uncertainty each would remove. Levels turns level numbers into parents, Rates turns currencies into one another.
//
// Every number is exact: a decimal where it fits, else a fraction; what is not known is an interval, and an interval only ever grows when
// something is hidden. A fraction beyond 2,048 bits is rounded outward. The package takes no clock, disk or network and knows no law: what a
// part holds of a content is told by whoever builds.
package bom
