/**
 * Whether a text can name a key: not empty, without Unicode spaces, plus signs and control
 * characters. The last is stricter than C2SP signed-note, “Format”: a name is shown to people.
 */
export function isKeyName(name: string): boolean {
  return name.isWellFormed() && /^[^\p{White_Space}\p{Cc}+]+$/u.test(name)
}
