package returned_test

import (
	"slices"
	"strings"
	"testing"

	"commontable/internal/platform/calendar"
	"commontable/internal/platform/mail/returned"
)

func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

// As Postfix reports (RFC 3464).
const bounce = `Return-Path: <>
Delivered-To: table+b0123456789abcdef@example.org
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: table+b0123456789abcdef@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="A/b"

This is a MIME-encapsulated message.

--A/b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you.

--A/b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Fri, 27 Nov 2026 05:00:00 +0000 (UTC)

Final-Recipient: rfc822; Bo@example.org
Original-Recipient: rfc822;bo@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <bo@example.org>: Recipient address
    rejected: User unknown

--A/b
Content-Type: text/rfc822-headers

From: Maple Valley <table@example.org>
To: "Bo Chen" <bo@example.org>
List-Unsubscribe: <https://table.example/unsubscribe/SECRET>

--A/b--
`

// As mailbox providers report (RFC 5965), the address left out.
const complaint = `From: <abuse@provider.example>
To: <table@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=x

--x
Content-Type: text/plain

This is a complaint.
--x
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1
Version: 1
Original-Rcpt-To: bo@example.org

--x
Content-Type: message/rfc822

From: table@example.org
To: redacted@provider.example
List-Unsubscribe: <mailto:x@y.example>, <https://table.example/unsubscribe/OTHER>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Subject: x

List-Unsubscribe: <https://evil.example/unsubscribe/BODY>
--x--
`

const answer = `From: Bo <bo@example.org>
To: table+r0123456789abcdef@example.org
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=y

--y
Content-Type: multipart/alternative; boundary=z

--z
Content-Type: text/plain

Bo has accepted.
--z
Content-Type: text/calendar; method=REPLY; charset=UTF-8
Content-Transfer-Encoding: base64

QkVHSU46VkNBTEVOREFSDQpWRVJTSU9OOjIuMA0KUFJPRElEOi0vL3gvL3gvL0VODQpNRVRIT0Q6
UkVQTFkNCkJFR0lOOlZFVkVOVA0KVUlEOjAxOTNhDQpTRVFVRU5DRToyDQpEVFNUQU1QOjIwMjYx
MTI3VDA1MDAwMFoNCkRUU1RBUlQ6MjAyNjExMzBUMTUwMDAwWg0KQVRURU5ERUU7UEFSVFNUQVQ9
QUNDRVBURUQ6bWFpbHRvOmJvQGV4YW1wbGUub3JnDQpPUkdBTklaRVI6bWFpbHRvOnRhYmxlQGV4
YW1wbGUub3JnDQpFTkQ6VkVWRU5UDQpFTkQ6VkNBTEVOREFSDQo=
--z--
--y--
`

func TestABounce(t *testing.T) {
	n := returned.Read(crlf(bounce))
	if n.Kind != returned.Bounce || len(n.Failures) != 1 || n.Failures[0].Status != "5.1.1" || n.Failures[0].Address != "bo@example.org" || !strings.Contains(n.Failures[0].Said, "rejected: User unknown") {
		t.Fatalf("%+v", n)
	}
	if !slices.Equal(n.Reached, []string{"table+b0123456789abcdef@example.org"}) || !slices.Equal(n.About, []string{"bo@example.org"}) || !slices.Equal(n.Stops, []string{"https://table.example/unsubscribe/SECRET"}) {
		t.Errorf("%+v", n)
	}
	for what, change := range map[string][2]string{"delayed": {"Action: failed", "Action: delayed"}, "no report": {"report-type=delivery-status; ", ""}, "no boundary": {`; boundary="A/b"`, ""}} {
		if n := returned.Read(crlf(strings.Replace(bounce, change[0], change[1], 1))); n.Kind != returned.Other {
			t.Errorf("%s: %+v", what, n)
		}
	}
}

func TestAComplaint(t *testing.T) {
	n := returned.Read(crlf(complaint))
	if n.Kind != returned.Complaint || !slices.Equal(n.Stops, []string{"https://table.example/unsubscribe/OTHER"}) || !slices.Contains(n.About, "bo@example.org") {
		t.Errorf("%+v", n)
	}
	if n := returned.Read(crlf(strings.Replace(complaint, "abuse\nUser", "not-spam\nUser", 1))); n.Kind != returned.Other {
		t.Errorf("not spam: %+v", n)
	}
}

func TestAnAnswer(t *testing.T) {
	n := returned.Read(crlf(answer))
	if n.Kind != returned.Answer || len(n.Answers) != 1 || n.Answers[0].UID != "0193a" || n.Answers[0].Sequence != 2 || len(n.Answers[0].Attendees) != 1 || n.Answers[0].Attendees[0].Reply != calendar.Accepted || n.Answers[0].Stamp.IsZero() {
		t.Errorf("%+v", n)
	}
	for what, raw := range map[string]string{"words": "From: a@b.example\n\nHello", "nothing": "", "no mail": "\x00\xff", "an invitation": strings.ReplaceAll(answer, "RVENDREE", "x")[:400]} {
		if n := returned.Read(crlf(raw)); n.Kind != returned.Other {
			t.Errorf("%s: %+v", what, n)
		}
	}
}

func TestGone(t *testing.T) {
	for status, want := range map[string]bool{"5.1.1": true, "5.1.10": true, "5.2.1": true, "5.4.4": true, "5.0.0": true, "5.2.2": false, "5.7.1": false, "4.1.1": false, "": false, "5": false} {
		if returned.Gone(status) != want {
			t.Errorf("%q", status)
		}
	}
}

// Whatever comes, reading ends, keeps to its limits and never fails hard.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{bounce, complaint, answer, "Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n" + strings.Repeat("--a\nContent-Type: multipart/mixed; boundary=a\n\n", 50)} {
		f.Add(crlf(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		n := returned.Read(raw)
		if len(n.Failures) > 30 || len(n.About) > 30 || len(n.Stops) > 30 || len(n.Reached) > 30 || len(n.Answers) > 30 {
			t.Fatalf("%+v", n)
		}
		for _, x := range n.Failures {
			if strings.ContainsAny(x.Said+x.Status+x.Address, "\r\n\x00") || len([]rune(x.Said)) > 300 {
				t.Fatalf("%q", x)
			}
		}
		for _, stop := range n.Stops {
			if strings.ContainsAny(stop, " \r\n<>") {
				t.Fatalf("%q", stop)
			}
		}
	})
}
