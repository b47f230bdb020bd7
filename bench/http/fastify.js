// What others would write: the same answer from memory, from Redis and from a row of PostgreSQL in a transaction.
// usage: node fastify.js PORT
const fastify = require('fastify')({logger: false});
const Redis = require('ioredis');
const {Pool} = require('pg');
const endpoint = process.env.KAOGONG_REDIS_ENDPOINT || '';
const redis = endpoint.startsWith('unix:') ? new Redis(endpoint.slice(5)) : new Redis('redis://' + endpoint);
const words = Object.fromEntries((process.env.KAOGONG_POSTGRES_OWNER_CONNINFO || '').split(/\s+/).filter(Boolean).map(w => w.split('=')));
const pool = new Pool({host: words.host, port: words.port, database: words.dbname, user: words.user, max: 10});
const body = JSON.stringify({employee: 'E1', scheme: 'kitchen-monthly', values: {text: 'x'.repeat(300)}});
fastify.get('/memory', async (request, reply) => reply.type('application/json').send(body));
fastify.get('/redis', async (request, reply) => reply.type('application/json').send(await redis.get('bench')));
fastify.get('/postgres', async (request, reply) => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL search_path TO kaogong');
    const {rows} = await client.query({name: 'row', text: 'SELECT $1::text AS body', values: [body]});
    await client.query('COMMIT');
    reply.type('application/json').send(rows[0].body);
  } finally {
    client.release();
  }
});
fastify.post('/json', async (request, reply) => reply.send({rows: request.body.rows.length}));
redis.set('bench', body).then(() => fastify.listen({port: Number(process.argv[2]), host: '127.0.0.1'}));
