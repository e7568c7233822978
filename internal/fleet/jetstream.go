package fleet

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Names in the broker. Rights are given by them: see docs/scale.md.
const (
	streamName    = "LODESTONE_SHARDS"
	subjectPrefix = "lodestone.shard."
	bucketName    = "lodestone-fleet"
)

const (
	ackWait    = 15 * time.Second // after which a worker that gives no sign of life counts as lost
	maxPending = 10_000           // calls that workers of one stamp may be at
	maxWaiting = 1_000_000        // calls that the stream holds; past that a submitter waits
	chunk      = 512 << 10        // bytes of a blob that travel together; brokers take up to 1 MB
	perCall    = 5 * time.Second  // that one request to the broker may take: one that a node died over is never answered
	perTry     = 3 * time.Second  // to make stream and store: a cluster without a leader does not answer
	tries      = 20               // of that
)

// Dial says how the broker is reached.
type Dial struct {
	URL    string // of one or several servers, parted by commas
	Creds  string // file with the credentials of the user; empty: none are needed
	CA     string // file with the certificates that the servers' must be signed by; empty: those of the system
	Cert   string // file with the client's own certificate, and that with its key; empty: none is shown
	Key    string
	Keep   time.Duration // how long a new store keeps inputs and results; zero: for ever
	Broker *Broker       // within the process; nil: URL says where it is
	Said   func(error)   // told when the connection is lost; nil: nobody is
}

// ErrRefused says that the broker does not let its user do something, which does not come by waiting.
var ErrRefused = errors.New("the user of --nats lacks a right; docs/scale.md lists those that each needs")

// JetStream is a Queue and Blobs in a NATS JetStream cluster. A cluster keeps three copies of everything.
type JetStream struct {
	allowed context.Context // ends when the broker refuses something: what is refused is never answered
	nc      *nats.Conn
	js      jetstream.JetStream
	objects jetstream.ObjectStore
	chunks  jetstream.Stream // below the object store
	copies  int

	mu        sync.Mutex
	consumers map[string]jetstream.Consumer // by stamp
}

// Connect connects to the broker, and makes stream and store where they are not there.
func Connect(ctx context.Context, d Dial) (*JetStream, error) {
	allowed, refuse := context.WithCancelCause(context.Background())
	options := []nats.Option{nats.Name("lodestone"), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		if errors.Is(err, nats.ErrPermissionViolation) {
			refuse(fmt.Errorf("%w: %w", ErrRefused, err))
		}
	}), nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond), nats.Timeout(5 * time.Second),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if d.Said != nil && err != nil {
				d.Said(fmt.Errorf("the broker is away: %w", err))
			}
		})}
	if d.Creds != "" {
		options = append(options, nats.UserCredentials(d.Creds))
	}
	if d.CA != "" {
		options = append(options, nats.RootCAs(d.CA))
	}
	if d.Cert != "" {
		options = append(options, nats.ClientCert(d.Cert, d.Key))
	}
	if d.Broker != nil {
		options = append(options, d.Broker.inProcess())
	}
	nc, err := nats.Connect(d.URL, options...)
	if err != nil {
		return nil, fmt.Errorf("--nats: %w", remedied(err))
	}
	j := &JetStream{nc: nc, allowed: allowed, copies: 1, consumers: map[string]jetstream.Consumer{}}
	if nc.ConnectedClusterName() != "" {
		j.copies = 3
	}
	if err = j.prepare(ctx, d.Keep); err != nil {
		nc.Close()
		return nil, fmt.Errorf("--nats: %w", err)
	}
	return j, nil
}

// remedied says of an error of the first connection what is to be done about it.
func remedied(err error) error {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("name the certificate of its authority by --nats-ca: %w", err)
	case errors.As(err, &name):
		return fmt.Errorf("name the server as its certificate does: %w", err)
	case strings.Contains(err.Error(), "tls: certificate required"), strings.Contains(err.Error(), "remote after TLS handshake"): // they have no types
		return fmt.Errorf("the broker may want a certificate, --nats-cert and --nats-key: %w", err)
	case errors.Is(err, nats.ErrAuthorization):
		return fmt.Errorf("look at user and password in the URL, or at --nats-creds: %w", err)
	}
	return err
}

// call gives a context for a request that may take so long.
func (j *JetStream) call(ctx context.Context, most time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithTimeout(ctx, most)
	stop := context.AfterFunc(j.allowed, cancel)
	return ctx, func() {
		stop()
		cancel()
	}
}

// because is the error of a request, and that it was refused where it was.
func (j *JetStream) because(err error) error {
	if err == nil || j.allowed.Err() == nil {
		return err
	}
	return context.Cause(j.allowed)
}

// prepare makes stream and store where they are not there. A cluster that has just started may take a while until it can.
func (j *JetStream) prepare(ctx context.Context, keep time.Duration) error {
	js, err := jetstream.New(j.nc)
	if err != nil {
		return err
	}
	j.js = js
	for n := 0; ; n++ {
		if err = j.because(j.make(ctx, keep)); err == nil || n == tries || ctx.Err() != nil || errors.Is(err, ErrRefused) {
			return err
		}
		if err := (SystemClock{}).Sleep(ctx, pause(n)); err != nil {
			return err
		}
	}
}

func (j *JetStream) make(ctx context.Context, keep time.Duration) error {
	ctx, cancel := j.call(ctx, perTry)
	defer cancel()
	_, err := j.js.Stream(ctx, streamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = j.js.CreateStream(ctx, jetstream.StreamConfig{Name: streamName, Subjects: []string{subjectPrefix + "*"}, Retention: jetstream.WorkQueuePolicy,
			Discard: jetstream.DiscardNew, MaxMsgs: maxWaiting, Storage: jetstream.FileStorage, Replicas: j.copies,
			Description: "calls to the shards of screenings"})
	}
	if err != nil {
		return fmt.Errorf("the stream %s: %w", streamName, err)
	}
	j.objects, err = j.js.ObjectStore(ctx, bucketName)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		j.objects, err = j.js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: bucketName, TTL: keep, Storage: jetstream.FileStorage, Replicas: j.copies,
			Description: "inputs and results of screenings"})
	}
	if err == nil {
		j.chunks, err = j.js.Stream(ctx, "OBJ_"+bucketName)
	}
	if err != nil {
		return fmt.Errorf("the object store %s: %w", bucketName, err)
	}
	return nil
}

// Close ends the connection.
func (j *JetStream) Close() { j.nc.Close() }

// Publish is of Queue.
func (j *JetStream) Publish(ctx context.Context, stamp, shard string) error {
	ctx, cancel := j.call(ctx, perCall)
	defer cancel()
	_, err := j.js.Publish(ctx, subjectPrefix+stamp, []byte(shard))
	return j.because(err)
}

// consumer is what the workers of a stamp share.
func (j *JetStream) consumer(ctx context.Context, stamp string) (jetstream.Consumer, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if c := j.consumers[stamp]; c != nil {
		return c, nil
	}
	ctx, cancel := j.call(ctx, perCall)
	defer cancel()
	c, err := j.js.CreateOrUpdateConsumer(ctx, streamName, jetstream.ConsumerConfig{Durable: "work-" + stamp, FilterSubject: subjectPrefix + stamp,
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxDeliver: -1, MaxAckPending: maxPending})
	if err == nil {
		j.consumers[stamp] = c
	}
	return c, j.because(err)
}

// Next is of Queue.
func (j *JetStream) Next(ctx context.Context, stamp string) (Call, error) {
	c, err := j.consumer(ctx, stamp)
	if err != nil {
		return nil, err
	}
	batch, err := c.Fetch(1, jetstream.FetchMaxWait(idle))
	if err != nil {
		return nil, err
	}
	select {
	case msg, ok := <-batch.Messages():
		if ok {
			return jetStreamCall{msg}, nil
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-j.allowed.Done():
		return nil, context.Cause(j.allowed)
	}
	if err := batch.Error(); err != nil && !errors.Is(err, nats.ErrTimeout) && !errors.Is(err, jetstream.ErrNoMessages) {
		j.forget(stamp) // the broker may have lost it
		return nil, err
	}
	return nil, nil
}

func (j *JetStream) forget(stamp string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.consumers, stamp)
}

type jetStreamCall struct{ msg jetstream.Msg }

// Shard is of Call.
func (c jetStreamCall) Shard() string { return string(c.msg.Data()) }

// Done is of Call.
func (c jetStreamCall) Done(context.Context) error { return c.msg.Ack() }

// Later is of Call.
func (c jetStreamCall) Later(_ context.Context, after time.Duration) error {
	return c.msg.NakWithDelay(after)
}

// Working is of Call.
func (c jetStreamCall) Working(context.Context) error { return c.msg.InProgress() }

// Put is of Blobs.
func (j *JetStream) Put(ctx context.Context, name string, data []byte) error {
	ctx, cancel := j.call(ctx, perCall+time.Duration(len(data))*time.Microsecond) // at 1 MB/s
	defer cancel()
	meta := jetstream.ObjectMeta{Name: name, Opts: &jetstream.ObjectMetaOptions{ChunkSize: uint32(min(len(data), chunk))}}
	_, err := j.objects.Put(ctx, meta, bytes.NewReader(data))
	return j.because(err)
}

// Get is of Blobs. It asks for one chunk after another, which whatever node has it may answer, and needs no consumer for that.
func (j *JetStream) Get(ctx context.Context, name string) ([]byte, error) {
	info, err := j.info(ctx, name)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil, ErrGone
	}
	if err == nil && info.Size > maxBlob {
		err = fmt.Errorf("it takes %d bytes; at most %d are read", info.Size, maxBlob)
	}
	if err != nil {
		return nil, err
	}
	data, of := make([]byte, 0, info.Size), jetstream.WithGetMsgSubject("$O."+bucketName+".C."+info.NUID)
	for from := uint64(1); uint64(len(data)) < info.Size; {
		m, err := j.chunk(ctx, from, of)
		if err != nil {
			return nil, fmt.Errorf("the chunk behind byte %d of %d: %w", len(data), info.Size, err)
		}
		data, from = append(data, m.Data...), m.Sequence+1
	}
	return data, nil
}

func (j *JetStream) info(ctx context.Context, name string) (*jetstream.ObjectInfo, error) {
	ctx, cancel := j.call(ctx, perCall)
	defer cancel()
	info, err := j.objects.GetInfo(ctx, name)
	return info, j.because(err)
}

// chunk is the first message from a number on with a subject.
func (j *JetStream) chunk(ctx context.Context, from uint64, of jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error) {
	ctx, cancel := j.call(ctx, perCall)
	defer cancel()
	m, err := j.chunks.GetMsg(ctx, from, of)
	return m, j.because(err)
}

// Has is of Blobs.
func (j *JetStream) Has(ctx context.Context, name string) (bool, error) {
	_, err := j.info(ctx, name)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Drop is of Blobs.
func (j *JetStream) Drop(ctx context.Context, name string) error {
	ctx, cancel := j.call(ctx, perCall)
	defer cancel()
	err := j.objects.Delete(ctx, name)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil
	}
	return j.because(err)
}
