resource "google_kms_key_ring" "record" {
  project  = var.project_id
  name     = var.name
  location = var.region

  depends_on = [google_project_service.needed]
}

locals {
  signing_keys = {
    # The witness ecosystem signs with Ed25519, which Cloud KMS keeps in software only.
    log-ed25519      = { algorithm = "EC_SIGN_ED25519", protection = "SOFTWARE" }
    log-p256         = { algorithm = "EC_SIGN_P256_SHA256", protection = "HSM" }
    writer-authority = { algorithm = "EC_SIGN_P256_SHA256", protection = "HSM" }
  }
}

resource "google_kms_crypto_key" "signing" {
  for_each = local.signing_keys

  key_ring                   = google_kms_key_ring.record.id
  name                       = each.key
  purpose                    = "ASYMMETRIC_SIGN"
  destroy_scheduled_duration = "2592000s"

  version_template {
    algorithm        = each.value.algorithm
    protection_level = each.value.protection
  }

  # A record whose keys are gone proves nothing new.
  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key" "session_secrets" {
  key_ring                   = google_kms_key_ring.record.id
  name                       = "session-secrets"
  purpose                    = "ENCRYPT_DECRYPT"
  rotation_period            = "7776000s"
  destroy_scheduled_duration = "2592000s"

  version_template {
    algorithm        = "GOOGLE_SYMMETRIC_ENCRYPTION"
    protection_level = "HSM"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key" "digest" {
  key_ring                   = google_kms_key_ring.record.id
  name                       = "digest"
  purpose                    = "MAC"
  destroy_scheduled_duration = "2592000s"

  version_template {
    algorithm        = "HMAC_SHA256"
    protection_level = "HSM"
  }

  lifecycle {
    prevent_destroy = true
  }
}

locals {
  recorders = toset(keys(local.entry_roles))

  # Who keeps private facts, and shows them: the calls of the data path, and of the console.
  confidants = toset(["gateway", "console"])
}

resource "google_kms_crypto_key_iam_member" "writer_authority" {
  for_each = local.recorders

  crypto_key_id = google_kms_crypto_key.signing["writer-authority"].id
  role          = "roles/cloudkms.signerVerifier"
  member        = google_service_account.function[each.key].member
}

# It reads who certifies writers, as all do, and never is one.
resource "google_kms_crypto_key_iam_member" "writer_authority_viewer" {
  for_each = var.slack ? toset(["slack"]) : []

  crypto_key_id = google_kms_crypto_key.signing["writer-authority"].id
  role          = "roles/cloudkms.publicKeyViewer"
  member        = google_service_account.function[each.key].member
}

# Only the sealer signs checkpoints.
resource "google_kms_crypto_key_iam_member" "log" {
  for_each = toset(["log-ed25519", "log-p256"])

  crypto_key_id = google_kms_crypto_key.signing[each.value].id
  role          = "roles/cloudkms.signerVerifier"
  member        = google_service_account.function["log-publisher"].member
}

# The console shows the keys that checkpoints are verified with, and the retainer deletes only what a checkpoint has.
resource "google_kms_crypto_key_iam_member" "log_viewer" {
  for_each = { for pair in setproduct(["log-ed25519", "log-p256"], ["console", "retainer"]) : join("/", pair) => pair }

  crypto_key_id = google_kms_crypto_key.signing[each.value[0]].id
  role          = "roles/cloudkms.publicKeyViewer"
  member        = google_service_account.function[each.value[1]].member
}

resource "google_kms_crypto_key_iam_member" "session_secrets" {
  for_each = local.confidants

  crypto_key_id = google_kms_crypto_key.session_secrets.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = google_service_account.function[each.key].member
}

# The key of effective digests, which every function derives as it starts.
resource "google_kms_crypto_key_iam_member" "digest" {
  for_each = local.deployed

  crypto_key_id = google_kms_crypto_key.digest.id
  role          = "roles/cloudkms.signer"
  member        = google_service_account.function[each.key].member
}
