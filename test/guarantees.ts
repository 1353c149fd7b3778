/** What Sluice promises. SECURITY.md says the same; every line has a test that cites it. */
export const guarantees = {
  'no-token-no-query': 'without a valid token from a trusted issuer, nothing reaches BigQuery',
  'unknown-means-no': 'a statement Sluice cannot fully understand is denied',
  'deny-wins': 'a deny rule beats every permit rule, in whatever order the policy lists them',
  'recorded-first': 'when the request cannot be recorded, BigQuery does not hear of the query',
  'recorded-before-release': 'when the outcome cannot be recorded, nothing is released',
  'written-once':
    'an entry is written once: nothing Sluice does changes it, and only retention deletes it',
  'own-token-bounded':
    'a token Sluice issues is good for Sluice only and ends with the OIDC token at the latest',
  'credential-unseen':
    'the credential Sluice uses appears in no error, log, entry or reply, whatever fails',
  'token-unseen':
    "a caller's token appears in no error, log, entry or reply, and BigQuery never sees it",
  'canaries-unseen':
    'however much is logged, no key, token, cookie or value is in a log, trace, metric, error, message or anything published, nor in Slack but in the SQL to approve',
  'own-jobs-only':
    'a job and its results belong to the principal who started it; to others they do not exist',
  'visible-only': 'lists and descriptions show only what policy lets the caller query',
  'strict-requests':
    'a request is refused when Sluice does not know all of it, or two readers could read it in two ways',
  'server-owned':
    'limits, labels and dialect of a job are what Sluice decides, whatever the client sends',
  'at-most-once': 'a request that names itself starts one job, however often it is sent',
  'no-retryable-after-run':
    'a failure after the query may have run never tells a client to run it again',
  'refusals-recorded':
    'a refusal is on the record: always if the caller is known, else within a budget that counts the rest',
  'masks-follow-lineage':
    'whatever SQL does on the way, a masked column reaches a caller only masked',
  'masked-everywhere':
    'every page of a result has the masks its query was permitted with, by whatever method and on whatever instance',
  'oracle-denied':
    'unless policy allows it, a masked column decides neither what is answered nor whether a query fails',
  'governed-errors-say-nothing':
    'errors and statistics of a query that reads masked columns do not depend on their values',
  'masks-follow-data':
    'what is written from masked columns is masked where it was written, before BigQuery hears of it',
  'limits-counted-together':
    'limits hold for a principal whatever instances serve them, and what cannot be counted is not let through',
  'kill-switch':
    'a kill switch stops queries within 10 seconds, and everything when nobody can say whether one is set',
  'push-authenticated':
    'a message or a sweep is heeded only if Google signed it for the account and endpoint configured',
  'approved-or-nothing':
    'what people have to approve runs exactly as they approved it and once, or never',
  'slack-proved':
    'what Slack says counts only if it signed it, lately and once, for the workspace and app that policy names',
  'voter-vouched-for':
    'a Slack user votes as whom policy names, or as whom an issuer vouched for lately; never as they say',
  'shown-as-it-is':
    'approvers see a query as it is: what is hidden, disguised or cut in it is said, and nothing in it is markup',
  'every-call-ends':
    'a call that nobody finished gets one end in the record, and whoever writes it starts and releases nothing',
  'erased-is-gone':
    'what was erased nobody can read again, and everything else on the record stays as it was',
  'held-stays':
    'what is on hold is neither erased nor deleted, whoever asks and whatever policy says',
  'bypass-found':
    'a job run past Sluice with its credential, or under a copied label, becomes an alert on the record',
  'deleted-is-said':
    'what retention deletes it names on the record first, and its leaf stays in the log',
  'export-for-auditors':
    'the record leaves only to auditors, and their own part to requesters; private facts to private-readers alone',
  'export-recorded-first': 'that somebody exports is on the record before the first byte leaves',
  'export-never-cut-short': 'an export that breaks off is never taken for a whole one',
  'audit-reads-recorded':
    'whoever reads the record is on it before they are shown any of it; a read that cannot be recorded shows nothing',
  'requester-sees-own':
    'a requester finds what they did themselves; what others did does not exist for them, nor does it count',
  'private-needs-role':
    'private facts are shown to auditors whom policy names private-readers, and the record says that they were',
  'page-tokens-bound':
    'a page token is good for who got it and for what they asked; one that was changed is refused',
  'replay-only-in-sandbox':
    'a replay reads and writes nothing outside the datasets of its sandbox, whatever names look like there or lead to',
  'replay-rows-to-nobody':
    'nobody is shown rows of a replay: its job belongs neither to who asked then nor to who has it replayed',
  'sealed-once':
    'whatever is durable is sealed, once and as what it is, wherever sealers are killed and however many run at once',
  'log-only-grows':
    'nothing is published that does not continue what is published, whoever took state or objects back',
  'two-commits':
    'a query costs two commits to the record, however many run at once, and none of them is lost',
  'survives-kills':
    'wherever a process is killed, nothing ran or left that is not on the record, and nothing on it looks forged',
  'tampering-shows':
    'whatever is changed, forged or taken out of a sealed record, verifying it says so and names the first bad entry',
  'witnesses-heard':
    'what a witness did not cosign counts as not cosigned, and people are told when it says that the log was changed',
  'receipt-with-every-answer':
    'every recorded answer carries a signed receipt, and one that the log does not answer is shown',
  'reviews-signed':
    "a review or a sign-off is an entry under the name of whoever made it, whom policy names an auditor; nobody's agent makes one",
  'console-needs-session':
    'the console shows and does nothing for a browser that nobody is signed in with, and asks the API nothing',
  'session-unseen':
    'what a browser is signed in with no script, page, log or store shows, and no other site sends',
  'session-ends':
    'a session of the console ends when somebody signs out, for whoever kept the cookie too, and after an hour unused',
  'console-forms-own':
    'nothing changes through the console but by a form of its own, sent in the session it was made for',
  'console-closed-to-others':
    'every page of the console forbids foreign scripts and frames, and nothing that callers wrote is markup in it',
  'traces-say-nothing':
    'no trace, metric or line about a call shows a value, SQL with its values, a principal or a token, also where somebody debugs',
  'not-ready-means-no': 'without a valid policy Sluice serves nobody',
} as const
