package surveys

import (
	"slices"

	"commontable/internal/analysis/survey"
)

// item is one thing that was answered, with the key of its row or choice; "" where the
// question is one thing.
type item struct {
	survey.Item
	factor  string
	nominal bool // its numbers are places of choices and have no mean
}

// items makes the things to count of one question, over all responses.
func (q Question) items(list []Response) []item {
	one := func(key string, from, to int64, factor string, of func(Answer) *int64) item {
		out := item{Item: survey.Item{Key: key, From: int(from), To: int(to), Answers: make([]int, len(list))}, factor: factor}
		for n, r := range list {
			out.Answers[n] = survey.None
			if a, any := r.Answers[q.Key]; any {
				if number := of(a); number != nil {
					out.Answers[n] = int(*number)
				}
			}
		}
		return out
	}
	switch q.Kind {
	case Single, Gradients:
		out := one("", 0, int64(len(q.Choices))-1, "", func(a Answer) *int64 {
			if len(a.Choices) != 1 {
				return nil
			}
			return place(q.Choices, a.Choices[0])
		})
		out.nominal = true
		return []item{out}
	case Multiple:
		return each(q.Choices, func(c Choice) item {
			return one(c.Key, 0, 1, "", func(a Answer) *int64 {
				if a.Empty() {
					return nil
				}
				if slices.Contains(a.Choices, c.Key) {
					return new(int64(1))
				}
				return new(int64(0))
			})
		})
	case Ranking:
		return each(q.Choices, func(c Choice) item {
			return one(c.Key, 1, int64(len(q.Choices)), "", func(a Answer) *int64 {
				if rank := slices.Index(a.Choices, c.Key); rank >= 0 {
					return new(int64(rank) + 1)
				}
				return nil
			})
		})
	case Scale:
		return []item{one("", q.Scale.From, q.Scale.To, q.Factor, func(a Answer) *int64 { return a.Number })}
	case Number:
		return []item{one("", 0, 0, "", func(a Answer) *int64 { return a.Number })}
	case Matrix:
		return each(q.Rows, func(r Row) item {
			return one(r.Key, q.Scale.From, q.Scale.To, r.Factor, func(a Answer) *int64 { return a.Ratings[r.Key] })
		})
	}
	return nil
}

func each[A any](list []A, of func(A) item) []item {
	out := make([]item, len(list))
	for n, a := range list {
		out[n] = of(a)
	}
	return out
}

func place(choices []Choice, key string) *int64 {
	n := slices.IndexFunc(choices, func(c Choice) bool { return c.Key == key })
	if n < 0 {
		return nil
	}
	return new(int64(n))
}

// comments are what was written in answer to a question.
func (q Question) comments(list []Response) (out []string) {
	for _, r := range list {
		if a := r.Answers[q.Key]; q.Kind == Text && !a.Empty() {
			out = append(out, a.Text)
		}
	}
	return out
}

// ratings are those of one row of a roster of organizations, and who is who in them:
// organizations by the number that Of and House have.
func (q Question) ratings(list []Response, row string, number map[string]int, keys map[string]string) (out []survey.Rating) {
	for n, r := range list {
		house, known := number[r.OrganizationID.String()]
		if !known {
			house = -1 - n // of no organization on the roster
		}
		for key, ratings := range r.Answers[q.Key].Known {
			of, rated := number[keys[key]]
			if value := ratings[row]; rated && value != nil {
				out = append(out, survey.Rating{Rater: n, House: house, Of: of, Value: int(*value)})
			}
		}
	}
	return out
}
