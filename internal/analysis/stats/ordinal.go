package stats

// Median is the middle of answers on an ordered scale, found without taking its steps for numbers. counts[i] is
// how many gave answer i; negative counts are taken for 0. Where the middle falls between two answers, low and
// high are those two and nothing is averaged; otherwise they are the same. n is how many answers there are; with
// none, low and high are 0 and mean nothing.
func Median(counts []int64) (low, high int, n int64) {
	for _, c := range counts {
		n += max(0, c)
	}
	if n == 0 {
		return 0, 0, 0
	}
	// Places from 1; an even number of answers has two middle ones.
	return answerAt(counts, (n+1)/2), answerAt(counts, n/2+1), n
}

func answerAt(counts []int64, place int64) int {
	for i, c := range counts {
		if place -= max(0, c); place <= 0 {
			return i
		}
	}
	return len(counts) - 1
}
