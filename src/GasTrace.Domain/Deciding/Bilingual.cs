namespace GasTrace.Domain.Deciding;

/// <summary>A text for people, in both languages of the service.</summary>
/// <param name="Chinese">In Chinese (zh-CN).</param>
/// <param name="English">In English.</param>
public readonly record struct Bilingual(string Chinese, string English);
