-- The shortest way there and back.
SELECT 1
