/** A diagnosis of ICD-10-CM with what is measured for it. */
export interface Condition {
  readonly code: string
  readonly description: string
  readonly measures: readonly Measure[]
}

export interface Measure {
  readonly name: string
  readonly unit: string
  readonly low: number
  readonly high: number
}

const bloodPressure = { name: 'systolic blood pressure', unit: 'mmHg', low: 118, high: 182 }
const glucose = { name: 'glucose', unit: 'mg/dL', low: 82, high: 268 }
const temperature = { name: 'temperature', unit: 'Cel', low: 36, high: 40 }
const saturation = { name: 'oxygen saturation', unit: '%', low: 86, high: 99 }
const heartRate = { name: 'heart rate', unit: '/min', low: 52, high: 128 }

/** What brings people to this hospital. */
export const conditions: readonly Condition[] = [
  { code: 'I10', description: 'Essential hypertension', measures: [bloodPressure, heartRate] },
  { code: 'E11.9', description: 'Type 2 diabetes mellitus', measures: [glucose] },
  { code: 'J45.909', description: 'Asthma, uncomplicated', measures: [saturation] },
  { code: 'J18.9', description: 'Pneumonia', measures: [temperature, saturation] },
  { code: 'N39.0', description: 'Urinary tract infection', measures: [temperature] },
  { code: 'I48.91', description: 'Atrial fibrillation', measures: [heartRate] },
  { code: 'M54.50', description: 'Low back pain', measures: [] },
  { code: 'G43.909', description: 'Migraine', measures: [bloodPressure] },
  { code: 'S52.501A', description: 'Fracture of the radius', measures: [] },
  { code: 'K35.80', description: 'Acute appendicitis', measures: [temperature, heartRate] },
  { code: 'O80', description: 'Full-term delivery', measures: [bloodPressure] },
  { code: 'F32.A', description: 'Depression', measures: [] },
  { code: 'F10.20', description: 'Alcohol dependence', measures: [] },
  { code: 'B20', description: 'Human immunodeficiency virus disease', measures: [temperature] },
  { code: 'C50.919', description: 'Malignant neoplasm of breast', measures: [] },
  { code: 'N18.3', description: 'Chronic kidney disease, stage 3', measures: [bloodPressure] },
  { code: 'R07.9', description: 'Chest pain', measures: [bloodPressure, heartRate, saturation] },
  { code: 'Z00.00', description: 'General examination', measures: [bloodPressure, glucose] },
]
