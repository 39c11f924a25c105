package operation

// Left is what taking a change back could not put back, because somebody changed
// it since.
type Left struct {
	Fields []string `json:"fields" doc:"Fields of the record that was kept, which stay as they are now."`
	Rows   int64    `json:"rows" doc:"How many references were changed since and stay where they are."`
}

// Nothing says whether everything was put back.
func (l Left) Nothing() bool { return len(l.Fields) == 0 && l.Rows == 0 }

// partial is the output of an operation that may leave something alone when it
// takes a change back.
type partial interface{ LeftAlone() Left }
