/** Dates and times of DICOM as PostgreSQL and ISO 8601 have them; undefined for what is no date or time. */

/** DA (PS3.5 6.2), also the form with dots of ACR-NEMA. */
export function isoDate(da: string | undefined): string | undefined {
  const match = /^(\d{4})[.-]?(\d{2})[.-]?(\d{2})$/.exec(da?.trim() ?? '');
  if (!match) return undefined;
  const [, year, month, day] = match;
  const iso = `${year}-${month}-${day}`;
  const date = new Date(`${iso}T00:00:00Z`);
  // The year 0000 has no place in PostgreSQL's calendar.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) && year !== '0000' ? iso : undefined;
}

/** TM (PS3.5 6.2), hours alone at least, also with colons. Leap seconds count as the second before. */
export function isoTime(tm: string | undefined): string | undefined {
  const match = /^(\d{2}):?(\d{2})?:?(\d{2})?(\.\d{1,6})?$/.exec(tm?.trim() ?? '');
  if (!match) return undefined;
  const [, hour = '', minute = '00', second = '00', fraction = ''] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  return `${hour}:${minute}:${second === '60' ? '59' : second}${fraction}`;
}
