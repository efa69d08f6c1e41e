package calendar

import "time"

// all is every calendar, for [ByName].
var all = []*Calendar{USFederal, SIFMA, NewYorkFed, NYSE, NewYorkBank, London, TARGET}

// lastKnown is the last year the calendars answer for. Rules that are in force
// in 2026 are taken to stay so; see [Calendar.Years].
const lastKnown = 2050

// USFederal has the law days of tender offers: a business day of Regulation
// 14E is a day other than Saturday, Sunday or a federal holiday, which are
// those of 5 U.S.C. 6103(a), on the Friday before or (Executive Order 11582)
// the Monday after where they fall on a weekend.
//
// Not in it, because they are no legal public holidays for the whole country:
// closings of federal offices by executive order (days of mourning, Christmas
// Eves) and Inauguration Day.
var USFederal = newCalendar(Calendar{
	name: "us-federal", title: "US federal holidays (law days of tender offers)", first: 1971, last: lastKnown,
	rules: []rule{
		{name: "New Year's Day", on: fixed(time.January, 1), moves: nearest},
		{name: "Birthday of Martin Luther King, Jr.", on: nth(3, time.Monday, time.January), from: 1986},
		{name: "Washington's Birthday", on: nth(3, time.Monday, time.February)},
		{name: "Memorial Day", on: last(time.Monday, time.May)},
		{name: "Juneteenth National Independence Day", on: fixed(time.June, 19), moves: nearest, from: 2021},
		{name: "Independence Day", on: fixed(time.July, 4), moves: nearest},
		{name: "Labor Day", on: nth(1, time.Monday, time.September)},
		{name: "Columbus Day", on: nth(2, time.Monday, time.October)},
		{name: "Veterans Day", on: nth(4, time.Monday, time.October), until: 1977},
		{name: "Veterans Day", on: fixed(time.November, 11), moves: nearest, from: 1978},
		{name: "Thanksgiving Day", on: nth(4, time.Thursday, time.November)},
		{name: "Christmas Day", on: fixed(time.December, 25), moves: nearest},
	},
})

// SIFMA has the full closings that SIFMA recommends for US government
// securities: settlement days of dollar bonds. Good Friday is one, also in
// years whose recommendation was to trade until noon.
var SIFMA = newCalendar(Calendar{
	name: "sifma", title: "SIFMA holidays for US government securities (settlement days)", first: 1996, last: lastKnown,
	rules: []rule{
		{name: "New Year's Day", on: fixed(time.January, 1), moves: sundayOnly},
		{name: "Martin Luther King Day", on: nth(3, time.Monday, time.January)},
		{name: "Presidents' Day", on: nth(3, time.Monday, time.February)},
		{name: "Good Friday", on: fromEaster(-2)},
		{name: "Memorial Day", on: last(time.Monday, time.May)},
		{name: "Juneteenth", on: fixed(time.June, 19), moves: nearest, from: 2022},
		{name: "Independence Day", on: fixed(time.July, 4), moves: nearest},
		{name: "Labor Day", on: nth(1, time.Monday, time.September)},
		{name: "Columbus Day", on: nth(2, time.Monday, time.October)},
		{name: "Veterans Day", on: fixed(time.November, 11), moves: sundayOnly},
		{name: "Thanksgiving Day", on: nth(4, time.Thursday, time.November)},
		{name: "Christmas Day", on: fixed(time.December, 25), moves: nearest},
	},
	closings: []closing{{"2012-10-30", "Hurricane Sandy"}},
})

// NewYorkFed has the holidays of the Federal Reserve Bank of New York, on
// which Fedwire is closed. A holiday on a Saturday is not made up for.
var NewYorkFed = newCalendar(Calendar{
	name: "ny-fed", title: "Federal Reserve Bank of New York holidays", first: 1996, last: lastKnown,
	rules: newYorkBankHolidays,
})

// NewYorkBank has the days on which banks in New York are closed, which are
// those of the Federal Reserve Bank.
var NewYorkBank = newCalendar(Calendar{
	name: "ny-bank", title: "New York bank holidays", first: 1996, last: lastKnown,
	rules: newYorkBankHolidays,
})

var newYorkBankHolidays = []rule{
	{name: "New Year's Day", on: fixed(time.January, 1), moves: sundayOnly},
	{name: "Martin Luther King Day", on: nth(3, time.Monday, time.January)},
	{name: "Presidents' Day", on: nth(3, time.Monday, time.February)},
	{name: "Memorial Day", on: last(time.Monday, time.May)},
	{name: "Juneteenth", on: fixed(time.June, 19), moves: sundayOnly, from: 2022},
	{name: "Independence Day", on: fixed(time.July, 4), moves: sundayOnly},
	{name: "Labor Day", on: nth(1, time.Monday, time.September)},
	{name: "Columbus Day", on: nth(2, time.Monday, time.October)},
	{name: "Veterans Day", on: fixed(time.November, 11), moves: sundayOnly},
	{name: "Thanksgiving Day", on: nth(4, time.Thursday, time.November)},
	{name: "Christmas Day", on: fixed(time.December, 25), moves: sundayOnly},
}

// NYSE has the days on which the New York Stock Exchange is closed all day.
var NYSE = newCalendar(Calendar{
	name: "nyse", title: "New York Stock Exchange holidays", first: 1998, last: lastKnown,
	rules: []rule{
		{name: "New Year's Day", on: fixed(time.January, 1), moves: sundayOnly},
		{name: "Martin Luther King Day", on: nth(3, time.Monday, time.January)},
		{name: "Washington's Birthday", on: nth(3, time.Monday, time.February)},
		{name: "Good Friday", on: fromEaster(-2)},
		{name: "Memorial Day", on: last(time.Monday, time.May)},
		{name: "Juneteenth", on: fixed(time.June, 19), moves: nearest, from: 2022},
		{name: "Independence Day", on: fixed(time.July, 4), moves: nearest},
		{name: "Labor Day", on: nth(1, time.Monday, time.September)},
		{name: "Thanksgiving Day", on: nth(4, time.Thursday, time.November)},
		{name: "Christmas Day", on: fixed(time.December, 25), moves: nearest},
	},
	closings: []closing{
		{"2001-09-11", "attacks of 11 September"},
		{"2001-09-12", "attacks of 11 September"},
		{"2001-09-13", "attacks of 11 September"},
		{"2001-09-14", "attacks of 11 September"},
		{"2004-06-11", "mourning for President Reagan"},
		{"2007-01-02", "mourning for President Ford"},
		{"2012-10-29", "Hurricane Sandy"},
		{"2012-10-30", "Hurricane Sandy"},
		{"2018-12-05", "mourning for President G. H. W. Bush"},
		{"2025-01-09", "mourning for President Carter"},
	},
})

// London has the bank holidays of England and Wales. One that falls on a
// weekend goes to the next weekday that is not a holiday.
var London = newCalendar(Calendar{
	name: "london", title: "London bank holidays", first: 1965, last: lastKnown,
	rules: []rule{
		{name: "New Year's Day", on: fixed(time.January, 1), moves: nextWeekday, from: 1974},
		{name: "Good Friday", on: fromEaster(-2)},
		{name: "Easter Monday", on: fromEaster(1)},
		{name: "Early May bank holiday", on: nth(1, time.Monday, time.May), from: 1978, except: []int{1995, 2020}},
		{name: "Whit Monday", on: fromEaster(50), until: 1966},
		{name: "Spring bank holiday", on: last(time.Monday, time.May), from: 1967, except: []int{1968, 2002, 2012, 2022}},
		{name: "Summer bank holiday", on: last(time.Monday, time.August), except: []int{1968, 1969}},
		{name: "Christmas Day", on: fixed(time.December, 25), moves: nextWeekday},
		{name: "Boxing Day", on: fixed(time.December, 26), moves: nextWeekday},
	},
	closings: []closing{
		{"1968-06-03", "Spring bank holiday"},
		{"1968-09-02", "Summer bank holiday"},
		{"1969-09-01", "Summer bank holiday"},
		{"1973-11-14", "wedding of Princess Anne"},
		{"1977-06-07", "Silver Jubilee"},
		{"1981-07-29", "wedding of the Prince of Wales"},
		{"1995-05-08", "Early May bank holiday (50 years of VE Day)"},
		{"1999-12-31", "millennium"},
		{"2002-06-03", "Golden Jubilee"},
		{"2002-06-04", "Spring bank holiday"},
		{"2011-04-29", "wedding of Prince William"},
		{"2012-06-04", "Spring bank holiday"},
		{"2012-06-05", "Diamond Jubilee"},
		{"2020-05-08", "Early May bank holiday (75 years of VE Day)"},
		{"2022-06-02", "Spring bank holiday"},
		{"2022-06-03", "Platinum Jubilee"},
		{"2022-09-19", "state funeral of Queen Elizabeth II"},
		{"2023-05-08", "coronation of King Charles III"},
	},
})

// TARGET has the closing days of the euro's payment system, T2 today. None is
// moved from a weekend.
var TARGET = newCalendar(Calendar{
	name: "target", title: "TARGET closing days (euro payments)", first: 1997, last: lastKnown,
	rules: []rule{
		{name: "New Year's Day", on: fixed(time.January, 1)},
		{name: "Good Friday", on: fromEaster(-2), from: 2000},
		{name: "Easter Monday", on: fromEaster(1), from: 2000},
		{name: "Labour Day", on: fixed(time.May, 1), from: 2000},
		{name: "Christmas Day", on: fixed(time.December, 25)},
		{name: "Christmas holiday", on: fixed(time.December, 26), from: 2000},
	},
	closings: []closing{
		{"1999-12-31", "year end"},
		{"2001-12-31", "year end"},
	},
})
