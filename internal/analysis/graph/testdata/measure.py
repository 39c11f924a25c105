# Measures the graphs on standard input with python3-igraph and prints what it finds. Debian: python3-igraph.
import json, math, sys, warnings
import igraph

warnings.simplefilter("ignore")

def plain(x):
    if isinstance(x, (list, tuple)):
        return [plain(y) for y in x]
    if isinstance(x, float) and (math.isnan(x) or math.isinf(x)):
        return None
    return x

def measure(spec):
    weighted, directed = spec["weighted"], spec["directed"]
    g = igraph.Graph(n=spec["n"], edges=[t[:2] for t in spec["ties"]], directed=directed)
    if weighted:
        g.es["weight"] = [t[2] for t in spec["ties"]]
    w = "weight" if weighted else None
    inverse = [1 / x for x in g.es["weight"]] if weighted else None
    u = g.as_undirected(combine_edges={"weight": "sum"} if weighted else None) if directed else g
    out = {
        "density": g.density(),
        "reciprocity": g.reciprocity() if directed else None,
        "pairs_mutual": g.reciprocity(mode="ratio") if directed else None,
        "out_degree": g.outdegree(), "in_degree": g.indegree(), "degree": g.degree(),
        "strength": g.strength(weights=w) if g.vcount() else [], "in_strength": g.strength(weights=w, mode="in") if g.vcount() else [],
        "betweenness": g.betweenness(), "closeness": g.closeness(mode="out", normalized=True),
        "harmonic": g.harmonic_centrality(mode="out", normalized=True),
        "pagerank": g.pagerank(weights=w) if g.vcount() else [],
        "coreness": g.coreness(),
        "transitivity": u.transitivity_undirected(), "local": u.transitivity_local_undirected(mode="nan"),
        "mean_local": u.transitivity_avglocal_undirected(mode="nan") if u.vcount() else None,
        "weak": len(g.connected_components(mode="weak")) if g.vcount() else 0,
        "strong": len(g.connected_components(mode="strong")) if g.vcount() else 0,
        "points": sorted(u.articulation_points()) if u.vcount() else [],
        "bridges": sorted(sorted(u.es[e].tuple) for e in u.bridges()),
        "assortativity": g.assortativity_nominal(spec["groups"], directed=directed) if g.ecount() else None,
    }
    out["modularity_groups"] = u.modularity(spec["groups"], weights="weight" if weighted else None) if u.ecount() else None
    if g.ecount():
        out["louvain"] = max(u.modularity(u.community_multilevel(weights="weight" if weighted else None), weights="weight" if weighted else None) for _ in range(5))
    if g.vcount() > 1 and g.is_connected(mode="strong"):
        try:
            out["eigenvector"] = g.eigenvector_centrality(weights=w, scale=True)
        except igraph.InternalError:
            pass  # ARPACK does not settle on a circle
    if weighted:
        out["betweenness_inverse"] = g.betweenness(weights=inverse)
        out["betweenness_weights"] = g.betweenness(weights=w)
        out["closeness_inverse"] = g.closeness(mode="out", weights=inverse, normalized=True)
        out["harmonic_inverse"] = g.harmonic_centrality(mode="out", weights=inverse, normalized=True)
        out["local_weighted"] = u.transitivity_local_undirected(mode="nan", weights="weight")
    return {k: plain(v) for k, v in out.items()}

json.dump({"version": igraph.__version__, "graphs": {s["name"]: measure(s) for s in json.load(sys.stdin)}}, sys.stdout)
