select id, title from recipes where state = 'draft' and published_at > now() - interval '1 day';
