import type { ApprovalHours, ApprovalTerms } from '../../shared/policy/approval-terms.ts'
import { fewestPeople } from '../../shared/policy/approvers-schema.ts'

/** How people approve something, in a line: who, how many of them, until when. */
export function approvalText(terms: ApprovalTerms): string {
  const { id, approvers, quorum, waitMs, useWithinMs, hours, breakGlass } = terms
  const votes = approvers.groups.map(({ group, votes: count }) => `${count} of ${group}`)
  const people = quorum > fewestPeople(approvers) ? [`${quorum} people in all`] : []
  return [
    `${id}: ${votes.join(approvers.of === 'any' ? ' or ' : ' and ')}`,
    ...people,
    ...(hours === undefined ? [] : [hoursText(hours)]),
    `within ${durationText(waitMs)}, then ${durationText(useWithinMs)} to start`,
    ...(breakGlass === undefined ? [] : [`${breakGlass.group} may go ahead without`]),
  ].join('; ')
}

/** A time as a policy writes it. */
function durationText(milliseconds: number): string {
  if (milliseconds % 3_600_000 === 0) return `${milliseconds / 3_600_000}h`
  return milliseconds % 60_000 === 0 ? `${milliseconds / 60_000}m` : `${milliseconds / 1000}s`
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

function hoursText({ timeZone, days, fromMinute, untilMinute }: ApprovalHours): string {
  const names = days.map((day) => DAYS[day - 1]).join(', ')
  return `${names} from ${timeText(fromMinute)} until ${timeText(untilMinute)} ${timeZone}`
}

const timeText = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
