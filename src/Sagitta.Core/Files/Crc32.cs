using System.Buffers.Binary;

namespace Sagitta.Core.Files;

/// <summary>
/// The checksum of ZIP archives (ISO 3309, reflected polynomial 0xEDB88320), eight bytes at a time from tables. The base
/// library writes it into archives but does not compare it on reading.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] _tables = MakeTables();

    /// <summary>Continues a checksum; begin with 0.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint[] tables = _tables;
        uint crc = ~checksum;
        while (bytes.Length >= 8)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[1792 + (int)(low & 0xff)] ^ tables[1536 + (int)((low >> 8) & 0xff)]
                ^ tables[1280 + (int)((low >> 16) & 0xff)] ^ tables[1024 + (int)(low >> 24)]
                ^ tables[768 + (int)(high & 0xff)] ^ tables[512 + (int)((high >> 8) & 0xff)]
                ^ tables[256 + (int)((high >> 16) & 0xff)] ^ tables[(int)(high >> 24)];
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
        {
            crc = tables[(int)((crc ^ value) & 0xff)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTables()
    {
        uint[] tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
            }

            tables[i] = value;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            uint previous = tables[i - 256];
            tables[i] = tables[(int)(previous & 0xff)] ^ (previous >> 8);
        }

        return tables;
    }
}
