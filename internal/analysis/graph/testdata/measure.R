# Measures the graphs on standard input with sna and prints what it finds. Debian: r-cran-sna.
suppressMessages(library(sna))
number <- function(x) if (length(x) == 0) "[]" else paste0("[", paste(ifelse(is.finite(x), sprintf("%.17g", x), "null"), collapse = ","), "]")
one <- function(x) if (is.finite(x)) sprintf("%.17g", x) else "null"
lines <- readLines(file("stdin"))
found <- c()
i <- 1
while (i <= length(lines)) {
  head <- strsplit(lines[i], " ")[[1]]
  name <- head[1]; n <- as.integer(head[2]); directed <- head[3] == "true"; ties <- as.integer(head[4])
  groups <- as.integer(head[-(1:4)])
  m <- matrix(0, n, n)
  if (ties > 0) for (line in lines[i + seq_len(ties)]) {
    t <- as.integer(strsplit(line, " ")[[1]]) + 1
    m[t[1], t[2]] <- 1
    if (!directed) m[t[2], t[1]] <- 1
  }
  i <- i + ties + 1
  if (n < 3) next
  mode <- if (directed) "digraph" else "graph"
  b <- brokerage(m, groups)
  raw <- b$raw.nli
  values <- c(
    paste0('"density":', one(gden(m, mode = mode))),
    paste0('"dyadic":', one(grecip(m, measure = "dyadic"))),
    paste0('"nonnull":', one(grecip(m, measure = "dyadic.nonnull"))),
    paste0('"edgewise":', one(grecip(m, measure = "edgewise"))),
    paste0('"degree_centralization":', one(centralization(m, degree, mode = mode))),
    paste0('"betweenness_centralization":', one(centralization(m, betweenness, mode = mode))),
    paste0('"betweenness":', number(betweenness(m, gmode = mode))),
    paste0('"cores":', number(kcores(m, mode = mode))),
    paste0('"coordinator":', number(raw[, "w_I"])), paste0('"consultant":', number(raw[, "w_O"])),
    paste0('"representative":', number(raw[, "b_IO"])), paste0('"gatekeeper":', number(raw[, "b_OI"])),
    paste0('"liaison":', number(raw[, "b_O"])))
  if (directed) values <- c(values, paste0('"in_degree_centralization":', one(centralization(m, degree, mode = mode, cmode = "indegree"))))
  found <- c(found, paste0('"', name, '":{', paste(values, collapse = ","), "}"))
}
cat(paste0('{"version":"', packageVersion("sna"), '","graphs":{', paste(found, collapse = ","), "}}"))
