package operation

import (
	"fmt"
	"reflect"
)

// Patch sets, in the struct target points to, every field for which patch (a
// struct of pointers) holds a value. Fields are matched by name; a pointer whose
// name or type the target lacks is a mistake in the program and panics. Fields
// of patch that are not pointers (an id, a version) are ignored.
func Patch(target, patch any) {
	to, from := reflect.ValueOf(target).Elem(), reflect.ValueOf(patch)
	for i := range from.NumField() {
		field := from.Type().Field(i)
		if field.Type.Kind() != reflect.Pointer || from.Field(i).IsNil() {
			continue
		}
		into := to.FieldByName(field.Name)
		if !into.IsValid() || into.Type() != field.Type.Elem() {
			panic(fmt.Sprintf("operation: %T has no field %s of type %s", target, field.Name, field.Type.Elem()))
		}
		into.Set(from.Field(i).Elem())
	}
}

// Reverse fills, in the struct of pointers that patch points to, every field
// whose value differs between before and after with the value it had before:
// the patch that takes the change back.
func Reverse(patch, before, after any) {
	to, old, fresh := reflect.ValueOf(patch).Elem(), reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range to.NumField() {
		field := to.Type().Field(i)
		if field.Type.Kind() != reflect.Pointer {
			continue
		}
		was, is := old.FieldByName(field.Name), fresh.FieldByName(field.Name)
		if !reflect.DeepEqual(was.Interface(), is.Interface()) {
			value := reflect.New(field.Type.Elem())
			value.Elem().Set(was)
			to.Field(i).Set(value)
		}
	}
}
