using Google.Protobuf;

namespace Sagitta.Experiments.Export;

/// <summary>One message of the protobuf wire format, field by field in the order of the calls. Numbers are varints, texts and messages have
/// their length.</summary>
internal sealed class OnnxMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    public OnnxMessage Number(int field, long value) => Field(field, WireFormat.WireType.Varint, output => output.WriteInt64(value));

    public OnnxMessage Float(int field, float value) => Field(field, WireFormat.WireType.Fixed32, output => output.WriteFloat(value));

    public OnnxMessage Text(int field, string value) =>
        Field(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(value));

    public OnnxMessage Bytes(int field, ByteString value) =>
        Field(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(value));

    public OnnxMessage Message(int field, OnnxMessage value) => Bytes(field, ByteString.CopyFrom(value.ToBytes()));

    public byte[] ToBytes()
    {
        using MemoryStream bytes = new();
        using CodedOutputStream output = new(bytes, leaveOpen: true);
        foreach (Action<CodedOutputStream> write in _fields)
        {
            write(output);
        }

        output.Flush();
        return bytes.ToArray();
    }

    private OnnxMessage Field(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        return this;
    }
}
