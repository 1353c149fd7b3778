/** A field as `bq mk` takes it. */
interface Field {
  readonly name: string
  readonly type: string
  readonly mode?: 'REQUIRED' | 'REPEATED'
  readonly description?: string
  readonly fields?: readonly Field[]
}

const id: Field = { name: 'id', type: 'INTEGER', mode: 'REQUIRED' }

/** The schemas of the tables, by the path of each below the data folder. */
export const schemas: Readonly<Record<string, readonly Field[]>> = {
  'acme/hospital/patients': [
    id,
    { name: 'name', type: 'STRING', mode: 'REQUIRED' },
    { name: 'ssn', type: 'STRING', description: 'Social security number, with dashes' },
    { name: 'email', type: 'STRING' },
    { name: 'phone', type: 'STRING' },
    { name: 'birth_date', type: 'DATE' },
    {
      name: 'address',
      type: 'RECORD',
      fields: [
        { name: 'street', type: 'STRING' },
        { name: 'city', type: 'STRING' },
        { name: 'state', type: 'STRING' },
        { name: 'zip', type: 'STRING' },
      ],
    },
    { name: 'notes', type: 'STRING', description: 'Free text; may hold anything' },
  ],
  'acme/hospital/encounters': [
    id,
    { name: 'patient_id', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'staff_id', type: 'INTEGER' },
    { name: 'kind', type: 'STRING' },
    { name: 'admitted_at', type: 'TIMESTAMP' },
    { name: 'discharged_at', type: 'TIMESTAMP' },
    {
      name: 'diagnoses',
      type: 'RECORD',
      mode: 'REPEATED',
      fields: [
        { name: 'code', type: 'STRING', description: 'ICD-10-CM' },
        { name: 'description', type: 'STRING' },
        { name: 'primary', type: 'BOOLEAN' },
        { name: 'certainty', type: 'FLOAT' },
        {
          name: 'observations',
          type: 'RECORD',
          mode: 'REPEATED',
          fields: [
            { name: 'name', type: 'STRING' },
            { name: 'value', type: 'NUMERIC' },
            { name: 'unit', type: 'STRING' },
          ],
        },
      ],
    },
  ],
  'acme/hospital/claims': [
    id,
    { name: 'encounter_id', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'patient_id', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'payer', type: 'STRING' },
    { name: 'amount', type: 'NUMERIC' },
    { name: 'status', type: 'STRING' },
    { name: 'submitted_on', type: 'DATE' },
    { name: 'paid_at', type: 'TIMESTAMP' },
  ],
  'acme/hospital/staff': [
    id,
    { name: 'name', type: 'STRING', mode: 'REQUIRED' },
    { name: 'email', type: 'STRING' },
    { name: 'role', type: 'STRING' },
    { name: 'department', type: 'STRING' },
    { name: 'hired_on', type: 'DATE' },
    { name: 'on_call', type: 'BOOLEAN' },
  ],
  'acme/finance/payroll': [
    { name: 'staff_id', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'month', type: 'DATE' },
    { name: 'gross', type: 'NUMERIC' },
    { name: 'net', type: 'NUMERIC' },
    { name: 'account', type: 'STRING' },
  ],
}
