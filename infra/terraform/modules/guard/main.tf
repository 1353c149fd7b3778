# What is denied here nobody can allow: not an owner of the project, not a role that somebody grants by mistake.
locals {
  everybody = ["principalSet://goog/public:all"]
  account   = { for name, email in var.service_accounts : name => "principal://iam.googleapis.com/projects/-/serviceAccounts/${email}" }

  # Google starts functions, and calls them, as accounts of ours.
  agents = [for agent in [
    "service-${var.project_number}@serverless-robot-prod.iam.gserviceaccount.com",
    "service-${var.project_number}@gcf-admin-robot.iam.gserviceaccount.com",
    "service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com",
    "service-${var.project_number}@gcp-sa-cloudscheduler.iam.gserviceaccount.com",
    "service-${var.project_number}@gcp-sa-cloudbuild.iam.gserviceaccount.com",
  ] : "principal://iam.googleapis.com/projects/-/serviceAccounts/${agent}"]

  # Who runs, stops, looks up or compares jobs.
  queriers = [for name in ["gateway", "approval-resolver", "sweeper", "reconciler", "console"] : local.account[name]]

  credential_projects = length(var.credential_projects) == 0 ? [var.project_id] : tolist(var.credential_projects)
}

# The credential: a token of an account that queries run as, or a key for it.
resource "google_iam_deny_policy" "credential" {
  for_each = toset(local.credential_projects)

  parent       = urlencode("cloudresourcemanager.googleapis.com/projects/${each.value}")
  name         = "sluice-credential"
  display_name = "Nobody but Sluice acts as the accounts that queries run as"

  rules {
    description = "no token of an account"

    deny_rule {
      denied_principals    = local.everybody
      exception_principals = concat(local.queriers, local.agents, var.break_glass)
      denied_permissions = [
        "iam.googleapis.com/serviceAccounts.getAccessToken",
        "iam.googleapis.com/serviceAccounts.getOpenIdToken",
        "iam.googleapis.com/serviceAccounts.implicitDelegation",
        "iam.googleapis.com/serviceAccounts.signBlob",
        "iam.googleapis.com/serviceAccounts.signJwt",
      ]
    }
  }

  rules {
    description = "no key of an account, for anybody"

    deny_rule {
      denied_principals    = local.everybody
      exception_principals = []
      denied_permissions   = ["iam.googleapis.com/serviceAccountKeys.create"]
    }
  }
}

# Secrets that sign or open, and the record.
resource "google_iam_deny_policy" "record" {
  parent       = urlencode("cloudresourcemanager.googleapis.com/projects/${var.project_id}")
  name         = "sluice-record"
  display_name = "Nobody but Sluice reads its secrets, signs with its keys or writes its record"

  rules {
    description = "no secret"

    deny_rule {
      denied_principals    = local.everybody
      exception_principals = concat(values(local.account), local.agents, var.deployers, var.break_glass)
      denied_permissions   = ["secretmanager.googleapis.com/versions.access"]
    }
  }

  rules {
    description = "no signature, and nothing opened"

    deny_rule {
      denied_principals    = local.everybody
      exception_principals = concat(values(local.account), var.break_glass)
      denied_permissions = [
        "cloudkms.googleapis.com/cryptoKeyVersions.useToDecrypt",
        "cloudkms.googleapis.com/cryptoKeyVersions.useToSign",
      ]
    }
  }

  rules {
    description = "no writing past Sluice"

    deny_rule {
      denied_principals    = local.everybody
      exception_principals = concat(values(local.account), var.break_glass)
      denied_permissions = [
        "datastore.googleapis.com/entities.create",
        "datastore.googleapis.com/entities.update",
        "datastore.googleapis.com/entities.delete",
      ]
    }
  }
}
