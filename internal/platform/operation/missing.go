package operation

// Gone says of a record that was to be read whether it is not there, or in the trash.
// Any other error stays one.
func Gone(err error, trashed bool) (bool, error) {
	if KindOf(Translate(err)) == NotFound {
		return true, nil
	}
	return trashed, err
}

// IgnoreMissing lets what does not exist pass, such as the record a relation asks
// about: the relation simply does not hold.
func IgnoreMissing(err error) error {
	if KindOf(Translate(err)) == NotFound {
		return nil
	}
	return err
}

// Whole is everything there is, as the one page of a list.
func Whole[T any](all []T) Page[T] {
	if all == nil {
		all = []T{}
	}
	return Page[T]{Items: all, Total: int64(len(all))}
}
