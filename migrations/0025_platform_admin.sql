-- Accounts that an operator closed: nobody signs in with them until they are opened again.

alter table accounts add column disabled_at timestamptz;
