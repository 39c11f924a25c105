package layout

import "math"

// deepest is where a cell is no longer parted: nodes that near push as one.
const deepest = 30

// tree parts the plane into quarters until each holds one node.
type tree struct{ cells []cell }

type cell struct {
	x, y, mass float64 // the middle of its nodes, and how many
	midX, midY float64
	half       float64 // of its width
	child      [4]int32
	body       int32 // the one node in it; −1 where there are several
}

func (t *tree) build(at []Point) {
	t.cells = t.cells[:0]
	if len(at) == 0 {
		return
	}
	low, high := at[0], at[0]
	for _, p := range at {
		low.X, low.Y = min(low.X, p.X), min(low.Y, p.Y)
		high.X, high.Y = max(high.X, p.X), max(high.Y, p.Y)
	}
	half := max(high.X-low.X, high.Y-low.Y)/2 + 1e-9
	t.cells = append(t.cells, cell{midX: (low.X + high.X) / 2, midY: (low.Y + high.Y) / 2, half: half, body: -1})
	for v, p := range at {
		t.insert(int32(v), p)
	}
	for i := range t.cells {
		c := &t.cells[i]
		c.x /= c.mass
		c.y /= c.mass
	}
}

// insert takes a node down to a cell of its own; x and y are sums until all are in.
func (t *tree) insert(v int32, p Point) {
	i := int32(0)
	for depth := 0; ; depth++ {
		c := &t.cells[i]
		if c.mass == 0 || depth == deepest {
			c.x, c.y = c.x+p.X, c.y+p.Y
			if c.mass == 0 {
				c.body = v
			} else {
				c.body = -1
			}
			c.mass++
			return
		}
		if c.body >= 0 { // it was alone here, and goes down too
			moved, place := c.body, Point{c.x, c.y}
			c.body = -1
			t.put(t.below(i, place), moved, place)
		}
		c = &t.cells[i]
		c.x, c.y, c.mass = c.x+p.X, c.y+p.Y, c.mass+1
		i = t.below(i, p)
	}
}

func (t *tree) put(i, v int32, p Point) {
	c := &t.cells[i]
	c.x, c.y, c.mass, c.body = p.X, p.Y, 1, v
}

// below is the quarter of a cell in which a point lies, made when it is new.
func (t *tree) below(i int32, p Point) int32 {
	c := &t.cells[i]
	quarter, half := 0, c.half/2
	x, y := c.midX-half, c.midY-half
	if p.X >= c.midX {
		quarter, x = 1, c.midX+half
	}
	if p.Y >= c.midY {
		quarter, y = quarter+2, c.midY+half
	}
	if c.child[quarter] == 0 { // the root is nobody's quarter
		c.child[quarter] = int32(len(t.cells))
		t.cells = append(t.cells, cell{midX: x, midY: y, half: half, body: -1})
	}
	return t.cells[i].child[quarter]
}

// push is how strongly all other nodes push one away.
func (t *tree) push(p Point, v int32, stack []int32) (Point, []int32) {
	var out Point
	stack = append(stack[:0], 0)
	for len(stack) > 0 {
		c := &t.cells[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		if c.body == v {
			continue
		}
		dx, dy := p.X-c.x, p.Y-c.y
		square := dx*dx + dy*dy
		leaf := c.body >= 0 || c.child == [4]int32{}
		if leaf || 4*c.half*c.half < opening*opening*square {
			by := c.mass / max(square, 1e-12)
			out.X += dx * by
			out.Y += dy * by
			continue
		}
		for _, child := range c.child {
			if child != 0 {
				stack = append(stack, child)
			}
		}
	}
	return out, stack
}

// apart moves nodes that stand too near each other until none do, over a grid of cells as wide as the gap.
func apart(at []Point) {
	const rounds = 200
	for range rounds {
		grid := make(map[[2]int32][]int32, len(at))
		key := func(p Point) [2]int32 {
			return [2]int32{int32(math.Floor(p.X / Gap)), int32(math.Floor(p.Y / Gap))}
		}
		for v, p := range at {
			grid[key(p)] = append(grid[key(p)], int32(v))
		}
		moved := false
		for v := range at {
			home := key(at[v])
			for x := home[0] - 1; x <= home[0]+1; x++ {
				for y := home[1] - 1; y <= home[1]+1; y++ {
					for _, u := range grid[[2]int32{x, y}] {
						if int(u) > v && part(&at[v], &at[u], v) {
							moved = true
						}
					}
				}
			}
		}
		if !moved {
			return
		}
	}
}

// part moves two points away from each other to a little more than the gap; where they coincide, the angle is by
// their number.
func part(a, b *Point, number int) bool {
	dx, dy := b.X-a.X, b.Y-a.Y
	d := math.Hypot(dx, dy)
	if d >= Gap {
		return false
	}
	if d < 1e-9 {
		d = 1e-9
		dx, dy = d*math.Cos(float64(number)), d*math.Sin(float64(number))
	}
	by := (Gap*1.01 - d) / 2 / d
	a.X, a.Y = a.X-dx*by, a.Y-dy*by
	b.X, b.Y = b.X+dx*by, b.Y+dy*by
	return true
}
