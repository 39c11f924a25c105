# Times python3-igraph on a graph: the file holds int32 n, int32 m, int32 pairs, float64 weights. Each measure is
# named on a line of standard input, so that ours and igraph's take turns; the answer is wall time, processor time
# and a value.
import struct, sys, time
import igraph

with open(sys.argv[1], "rb") as f:
    n, m = struct.unpack("<ii", f.read(8))
    ends = struct.unpack(f"<{2 * m}i", f.read(8 * m))
    weights = list(struct.unpack(f"<{m}d", f.read(8 * m)))
g = igraph.Graph(n=n, edges=list(zip(ends[::2], ends[1::2])))
lengths = [1 / w for w in weights]

def betweenness(w=None):
    return sum(g.betweenness(weights=w))

measures = {
    "betweenness": betweenness,
    "betweenness, weighted": lambda: betweenness(lengths),
    "communities": lambda: g.modularity(g.community_multilevel()),
    "communities, weighted": lambda: g.modularity(g.community_multilevel(weights=weights), weights=weights),
    "PageRank": lambda: max(g.pagerank()),
    "eigenvector": lambda: sum(g.eigenvector_centrality()),
    "clustering": lambda: g.transitivity_undirected(),
    "clustering, local": lambda: sum(x for x in g.transitivity_local_undirected(mode="zero")),
    "k-core": lambda: max(g.coreness()),
    "closeness": lambda: sum(x for x in g.closeness(normalized=True) if x == x),
}
print("ready", igraph.__version__, flush=True)
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    value = measures[line.strip()]()
    print(time.perf_counter() - wall, time.process_time() - cpu, repr(float(value)), flush=True)
