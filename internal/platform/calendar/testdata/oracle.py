"""Answers questions about times with dateutil, pytz and icalendar, which share no
code with the package under test. One question in JSON a line in, one answer a
line out."""

import io
import json
import sys
import zoneinfo
from datetime import datetime, timedelta

import icalendar
import pytz
from dateutil import rrule, tz


if hasattr(icalendar, "use_pytz"):  # from version 6 on
    icalendar.use_pytz()


def defined(component):
    """The zone of a definition, by the definition alone."""
    try:
        return component.to_tz(lookup_tzid=False)
    except TypeError:  # before version 6
        return component.to_tz()


def utc(moment):
    return moment.astimezone(tz.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")


def expand(q):
    """The times of a rule between two local times, as moments in UTC."""
    # The zones are Python's own: dateutil's take Dublin's winter, which the zone
    # database calls the exception, for a second clock change.
    zone = zoneinfo.ZoneInfo(q["zone"])
    start = local(q["start"])
    text = q["rule"]
    parts = dict(p.split("=") for p in text.split(";"))
    until = parts.pop("UNTIL", None)
    times = rrule.rruleset()
    times.rrule(rrule.rrulestr(";".join("%s=%s" % p for p in parts.items()), dtstart=start))
    for x in q.get("added") or []:
        times.rdate(local(x))
    for x in q.get("excluded") or []:
        times.exdate(local(x))
    out = []
    for naive in times.between(local(q["from"]) - timedelta(days=2), local(q["to"]) + timedelta(days=2), inc=True):
        moment = naive.replace(tzinfo=zone, fold=0)
        if until and utc(moment) > datetime.strptime(until, "%Y%m%dT%H%M%SZ").strftime("%Y-%m-%dT%H:%M:%SZ"):
            continue
        if local(q["from"]) <= naive < local(q["to"]):
            out.append(utc(moment))
    return out


def pinned(naive, zone):
    """A local time in a zone of pytz, as RFC 5545 reads those that are missing or double."""
    try:
        return zone.localize(naive, is_dst=None)
    except pytz.NonExistentTimeError:
        return zone.normalize(zone.localize(naive, is_dst=False))
    except pytz.AmbiguousTimeError:
        return min(zone.localize(naive, is_dst=True), zone.localize(naive, is_dst=False))


def read(q):
    """The times in a calendar as its own definitions of zones give them."""
    calendar = icalendar.Calendar.from_ical(q["text"])
    zones = {str(c["TZID"]): defined(c) for c in calendar.walk("VTIMEZONE")}
    again = tz.tzical(io.StringIO(q["text"])) if zones else None

    def instant(naive, name):
        at = pinned(naive, zones[name])
        other = tz.resolve_imaginary(naive.replace(tzinfo=again.get(name)))
        return [utc(at), utc(other)]

    def told(prop):
        value = prop.dt
        if not isinstance(value, datetime):
            return value.isoformat()
        if "TZID" in prop.params:
            return instant(value.replace(tzinfo=None), str(prop.params["TZID"]))
        return [utc(value)] * 2

    events = []
    for e in calendar.walk("VEVENT"):
        start = e["DTSTART"]
        event = {"uid": str(e["UID"]), "start": told(start), "summary": str(e.get("SUMMARY", "")), "names": sorted(set(e.keys()))}
        for name in ("DESCRIPTION", "LOCATION", "STATUS"):
            event[name.lower()] = str(e.get(name, ""))
        attendees = e.get("ATTENDEE", [])
        event["attendees"] = [[str(a), str(a.params.get("CN", "")), str(a.params.get("PARTSTAT", ""))] for a in (attendees if isinstance(attendees, list) else [attendees])]
        if "DTEND" in e:
            event["end"] = told(e["DTEND"])
        if "RECURRENCE-ID" in e:
            event["instance"] = told(e["RECURRENCE-ID"])
        if "RRULE" in e and "TZID" in start.params:
            name = str(start.params["TZID"])
            naive = start.dt.replace(tzinfo=None)
            parts = dict(p.split("=") for p in e["RRULE"].to_ical().decode().split(";"))
            until = parts.pop("UNTIL", None)
            times = rrule.rruleset()
            times.rrule(rrule.rrulestr(";".join("%s=%s" % p for p in parts.items()), dtstart=naive))
            for prop, add in (("EXDATE", times.exdate), ("RDATE", times.rdate)):
                lists = e.get(prop, [])
                for one in lists if isinstance(lists, list) else [lists]:
                    for x in one.dts:
                        add(x.dt.replace(tzinfo=None))
            event["times"] = [instant(t, name) for t in times.between(local(q["from"]), local(q["to"]), inc=True)]
        events.append(event)
    return events


for question in sys.stdin:
    q = json.loads(question)
    try:
        answer = {"expand": expand, "read": read}[q["ask"]](q)
        print(json.dumps({"answer": answer}), flush=True)
    except Exception as fault:  # the test shows it
        print(json.dumps({"fault": "%s: %s" % (type(fault).__name__, fault)}), flush=True)
