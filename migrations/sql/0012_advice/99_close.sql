-- The owner of the security-definer functions keeps them and can make nothing new.
revoke create on schema sec, reach, vault from schakel_reach;
