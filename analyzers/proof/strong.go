package proof

// strong finds the strongly connected components of a graph of the nodes below n, each after those that it leads to
// (Tarjan 1972, without recursion: graphs are deeper here than stacks should be). next returns where edge i of a node
// leads, -1 if that does not count, and false after the last edge. found must not keep the list that it is given.
func strong(n int, next func(v int32, i int) (int32, bool), found func(members []int32)) {
	type frame struct {
		v    int32
		next int
	}
	var (
		index  = make([]int32, n) // 0: not seen
		low    = make([]int32, n)
		on     = make([]bool, n)
		count  int32
		stack  []int32
		frames []frame
	)
	enter := func(v int32) {
		count++
		index[v], low[v], on[v] = count, count, true
		stack = append(stack, v)
		frames = append(frames, frame{v, 0})
	}
	for root := range int32(n) {
		if index[root] != 0 {
			continue
		}
		enter(root)
	walk:
		for len(frames) > 0 {
			f := &frames[len(frames)-1]
			me := f.v
			for {
				to, more := next(me, f.next)
				if !more {
					break
				}
				f.next++
				switch {
				case to < 0:
				case index[to] == 0:
					enter(to)
					continue walk
				case on[to]:
					low[me] = min(low[me], index[to])
				}
			}
			frames = frames[:len(frames)-1]
			if len(frames) > 0 {
				up := frames[len(frames)-1].v
				low[up] = min(low[up], low[me])
			}
			if low[me] != index[me] {
				continue
			}
			first := len(stack) - 1
			for stack[first] != me {
				first--
			}
			for _, v := range stack[first:] {
				on[v] = false
			}
			found(stack[first:])
			stack = stack[:first]
		}
	}
}
