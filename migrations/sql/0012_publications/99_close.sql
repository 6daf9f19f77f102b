-- The owner of the security-definer functions keeps them and can make nothing new.
revoke create on schema reach from schakel_reach;
