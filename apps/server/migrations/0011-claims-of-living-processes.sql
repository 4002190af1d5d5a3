-- Who put a claim on an object: the process that holds the advisory lock of this number. When it is gone, so is the claim.
alter table object_claim add column claimant integer;
