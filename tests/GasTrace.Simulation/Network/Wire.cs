using System.Buffers;
using Grpc.Core;

namespace GasTrace.Simulation.Network;

/// <summary>Messages to bytes and back, by the marshallers that the real wire uses.</summary>
internal static class Wire
{
    public static byte[] Write<TMessage>(Marshaller<TMessage> marshaller, TMessage message)
    {
        var context = new Writing();
        marshaller.ContextualSerializer(message, context);
        return context.ToArray();
    }

    public static TMessage Read<TMessage>(Marshaller<TMessage> marshaller, byte[] bytes) => marshaller.ContextualDeserializer(new Reading(bytes));

    private sealed class Writing : SerializationContext
    {
        private readonly ArrayBufferWriter<byte> buffer = new();
        private byte[]? payload;

        public byte[] ToArray() => payload ?? buffer.WrittenSpan.ToArray();

        public override void Complete(byte[] payload) => this.payload = payload;

        public override void Complete()
        {
        }

        public override void SetPayloadLength(int payloadLength)
        {
        }

        public override IBufferWriter<byte> GetBufferWriter() => buffer;
    }

    private sealed class Reading(byte[] bytes) : DeserializationContext
    {
        public override int PayloadLength => bytes.Length;

        public override byte[] PayloadAsNewBuffer() => bytes;

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(bytes);
    }
}
