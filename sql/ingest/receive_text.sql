-- ingest.receive_text(source, delivery_id, checksum, content, name, format) → the job that will take a text in. checksum: the SHA-256 of the text in UTF-8.
-- The same delivery id with the same checksum is accepted again, and nothing happens: the answer is the job that took it in. The same
-- text under another id is said once more: it overrules what was delivered in between.
-- Errors: JB203 no source, or manual, JB205 the id was used for other bytes, JB206 no usable id, JB211 no checksum, JB212 the text has another one.
create or replace function ingest.receive_text(
  p_source text, p_delivery_id text, p_checksum text, p_content text, p_name text, p_format text
)
returns ingest.job
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v_bytes constant bytea := convert_to(p_content, 'UTF8');
  v_sha256 constant bytea := sha256(v_bytes);
  v_delivery_id bigint;
  v_run_id bigint;
  v_is_known boolean;
  v_job ingest.job;
begin
  if p_delivery_id is null or p_checksum is null or p_content is null then
    raise exception 'a delivery has an id, a checksum and a content'
      using errcode = 'JB206', hint = 'Send your own id of the delivery and the SHA-256 of its content.';
  end if;
  if ingest.checked_sha256(p_checksum) <> v_sha256 then
    raise exception 'the content is not what the checksum says'
      using errcode = 'JB212', detail = format('The SHA-256 of its UTF-8 bytes is %s.', encode(v_sha256, 'hex')),
        hint = 'It was changed on its way, or the checksum is that of other bytes: send both again.';
  end if;
  v_is_known := exists (
    select from ingest.delivery_key k where k.source = p_source and k.delivery_key = p_delivery_id
  );
  v_delivery_id := ingest.open_delivery(
    p_source, p_name, p_format, v_sha256, octet_length(v_bytes), v_bytes, p_delivery_key => p_delivery_id
  );
  select r.run_id into v_run_id
  from ops.run r
  join ingest.delivery d on d.delivery_id = r.delivery_id
  where r.delivery_id = v_delivery_id and r.task <> 'fetch' and d.status <> 'failed' and v_is_known
  order by r.run_id desc
  limit 1;
  if not found then
    v_run_id := ingest.start_run(v_delivery_id);
    perform ingest.enqueue(array[v_run_id]);
  end if;
  v_job := ingest.job_of(v_run_id);
  v_job.delivery_id := p_delivery_id; -- it may have several
  return v_job;
end
$$;

comment on function ingest.receive_text(text, text, text, text, text, text) is 'Receives a text and queues the job that takes it in.';
